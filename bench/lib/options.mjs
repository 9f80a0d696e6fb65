import { parseArgs } from "node:util";
import { named, targets } from "../targets/index.mjs";
import { workloads } from "../workloads/index.mjs";

/** @type {Readonly<Record<"full" | "quick" | "guard", import("./measure.mjs").Effort>>} */
const EFFORTS = {
  full: { warmUpMs: 5_000, warmUpRequests: 10_000, warmUpAtMostMs: 10_000, roundMs: 2_000, rounds: 5 },
  quick: { warmUpMs: 600, warmUpRequests: 1_500, warmUpAtMostMs: 3_000, roundMs: 800, rounds: 2 },
  // Coarse: for ratios that are far off.
  guard: { warmUpMs: 300, warmUpRequests: 300, warmUpAtMostMs: 3_000, roundMs: 500, rounds: 3 },
};

/** Profiles are taken of code that has become fast: what comes before is a run of its own. */
export const BEFORE_PROFILE = { ...EFFORTS.full, warmUpAtMostMs: 20_000, roundMs: 1_000, rounds: 1 };
export const PROFILED = { warmUpMs: 0, warmUpRequests: 0, warmUpAtMostMs: 0, roundMs: 8_000, rounds: 1 };

/**
 * What a run is asked to do.
 * @typedef {object} Options
 * @property {readonly object[]} chosen Workloads.
 * @property {readonly import("../targets/cardgraph.mjs").Target[]} servers
 * @property {import("./measure.mjs").Effort} effort
 * @property {boolean} isWhole Whether its results are the benchmark's.
 * @property {boolean} profile Only says where the CPU goes.
 * @property {boolean} prove Only proves that every server answers rightly.
 * @property {boolean} picture Only draws the last results anew.
 * @property {boolean} growth Only measures how costs grow with the tables.
 * @property {string | undefined} json Where results are written to as well.
 */

/**
 * Reads the command line. Throws with what an option takes.
 * @returns {Options}
 */
export function readOptions() {
  const flag = { type: "boolean", default: false };
  const { values } = parseArgs({
    options: {
      ...{ quick: flag, guard: flag, profile: flag, prove: flag, picture: flag, growth: flag },
      ...{ only: { type: "string" }, targets: { type: "string" }, json: { type: "string" } },
    },
  });
  const { quick, guard, only, targets: names, ...rest } = values;
  const isWhole = Object.values(values).every((value) => !value);
  // What measures this server alone is part of a whole run, or has to be asked for.
  const byDefault = isWhole ? workloads : workloads.filter(({ isAlone }) => !isAlone);
  return {
    ...rest,
    chosen: only ? pick("--only", only.toUpperCase(), workloads, ({ id }) => id) : byDefault,
    servers: names ? pick("--targets", names, named, ({ name }) => name) : targets,
    effort: EFFORTS[guard ? "guard" : quick ? "quick" : "full"],
    isWhole,
  };
}

function pick(option, wanted, list, nameOf) {
  const names = wanted.split(",");
  const picked = list.filter((entry) => names.includes(nameOf(entry)));
  if (picked.length < names.length) throw new Error(`${option} takes some of ${list.map(nameOf).sort()}`);
  return picked;
}
