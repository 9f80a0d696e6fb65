import { TWIN } from "../faults.mjs";
import { runKillPoints } from "./kill-points.mjs";
import { runMatrix, runTwins } from "./matrix.mjs";
import { runPowerLosses, runUnsafePowerLosses } from "./power-loss.mjs";
import { runRandomKills } from "./random-kills.mjs";
import { runDatabaseKills, runRace } from "./replicas.mjs";
import { runSubscriptions } from "./subscriptions.mjs";

/**
 * One part of the run.
 * @typedef {object} Step
 * @property {string} suite What `--only` names.
 * @property {string} title
 * @property {"must-hold" | "must-fail"} expect A control has to fail, or the run says nothing.
 * @property {boolean} [alone] Whether it may not run beside others, because it takes their database away.
 * @property {(context: import("../context.mjs").Context) => Promise<object>} run
 */

/**
 * Everything that a run does, in order.
 * @param {readonly ("postgres" | "embedded")[]} databases
 * @param {import("../plan.mjs").Plan} plan
 * @returns {readonly Step[]}
 */
export function stepsOf(databases, plan) {
  const both = plan.briefOnEmbedded ? databases.slice(0, 1) : databases;
  return [
    ...both.map((database) => controlStep(database, plan)),
    ...databases.flatMap((database) => matrixSteps(database, plan, both.includes(database) ? [false, true] : [false])),
    ...both.flatMap((database) => killSteps(database, plan)),
    ...(databases.includes("postgres") ? replicaSteps(plan) : []),
    ...(databases.includes("embedded") ? POWER_STEPS : []),
    ...both.map(subscriptionStep),
    ...(plan.twinOrders > 0 ? [twinStep(databases[0], plan)] : []),
  ];
}

/** @type {readonly Step[]} */
const POWER_STEPS = [
  {
    suite: "power",
    title: "control with the library's own file system, power lost",
    expect: "must-fail",
    run: runUnsafePowerLosses,
  },
  { suite: "power", title: "power lost, embedded", expect: "must-hold", run: runPowerLosses },
];

function controlStep(database, { controlOrders }) {
  return {
    suite: "control",
    title: `control without an intent row, ${database}`,
    expect: "must-fail",
    run: (context) => runMatrix(context, { database, orders: controlOrders, dedupes: false, naive: true }),
  };
}

function matrixSteps(database, { matrixOrders }, kinds) {
  const orders = Math.ceil(matrixOrders[database] / kinds.length);
  return kinds.map((dedupes) => ({
    suite: "matrix",
    title: `every fault, ${database}, provider ${dedupes ? "refuses" : "takes"} repeats`,
    expect: "must-hold",
    run: (context) => runMatrix(context, { database, orders, dedupes }),
  }));
}

function killSteps(database, { randomKills, points }) {
  // An order that was left unconfirmed is sent again only where the provider refuses repeats.
  const dedupes = database === "postgres";
  const atRandom = {
    suite: "kills",
    title: `kill -9 at random, ${database}, provider ${dedupes ? "refuses" : "takes"} repeats`,
    expect: "must-hold",
    run: (context) => runRandomKills(context, { database, dedupes }),
  };
  const again = {
    suite: "points",
    title: `kill -9 while sending again, ${database}, provider refuses repeats`,
    expect: "must-hold",
    run: (context) => runKillPoints(context, { database, dedupes: true }),
  };
  return [
    {
      suite: "points",
      title: `kill -9 at every named step, ${database}`,
      expect: "must-hold",
      run: (context) => runKillPoints(context, { database }),
    },
    ...(points === null ? [again] : []),
    ...(randomKills > 0 ? [atRandom] : []),
  ];
}

function replicaSteps({ replicas, databaseKills }) {
  const killed = {
    suite: "database",
    title: "the database is killed",
    expect: "must-hold",
    alone: true,
    run: runDatabaseKills,
  };
  return [
    ...replicas.map((count) => ({
      suite: "replicas",
      title: `${count} replicas race, one clock two hours off`,
      expect: "must-hold",
      run: (context) => runRace(context, { replicas: count }),
    })),
    ...(databaseKills > 0 ? [killed] : []),
  ];
}

function subscriptionStep(database) {
  return {
    suite: "subscriptions",
    title: `open subscriptions, ${database}`,
    expect: "must-hold",
    run: (context) => runSubscriptions(context, { database }),
  };
}

function twinStep(database, { twinOrders }) {
  return {
    suite: "twins",
    title: `forged claims on ${TWIN}, ${database}`,
    expect: "must-hold",
    run: (context) => runTwins(context, { database, orders: twinOrders }),
  };
}
