import { runMatrix } from "./matrix.mjs";

/**
 * One part of the run.
 * @typedef {object} Step
 * @property {string} suite What `--only` names.
 * @property {string} title
 * @property {"must-hold" | "must-fail"} expect A control has to fail, or the run says nothing.
 * @property {(context: import("../context.mjs").Context) => Promise<object>} run
 */

/**
 * Everything that a run does, in order.
 * @param {readonly ("postgres" | "embedded")[]} databases
 * @param {import("../plan.mjs").Plan} plan
 * @returns {readonly Step[]}
 */
export function stepsOf(databases, plan) {
  return [...databases.flatMap((database) => matrixSteps(database, plan))];
}

function matrixSteps(database, { matrixOrders, controlOrders }) {
  const half = Math.ceil(matrixOrders[database] / 2);
  return [
    {
      suite: "control",
      title: `control without an intent row, ${database}`,
      expect: "must-fail",
      run: (context) => runMatrix(context, { database, orders: controlOrders, dedupes: false, naive: true }),
    },
    ...[false, true].map((dedupes) => ({
      suite: "matrix",
      title: `every fault, ${database}, provider ${dedupes ? "refuses" : "takes"} repeats`,
      expect: "must-hold",
      run: (context) => runMatrix(context, { database, orders: half, dedupes }),
    })),
  ];
}
