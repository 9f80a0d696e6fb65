/**
 * What this server is to reach, beside another server of the same run or as a bound.
 * @typedef {object} Goal
 * @property {string} workload
 * @property {string} text What is asked for.
 * @property {(measured: { byTarget: Readonly<Record<string, any>>, subscriptions: any }) => number | null} read The
 *   value; null where it was not measured.
 * @property {number} [atMost]
 * @property {number} [atLeast]
 * @property {string} unit
 */

/** @type {readonly Goal[]} */
const GOALS = [
  atMostTimes("W1", "apollo-express", 0.55),
  atMostTimes("W1", "mercurius", 1.5),
  atMostTimes("W2", "mercurius", 1),
  atMostTimes("W3", "mercurius", 1),
  {
    workload: "W4",
    text: "p99 of other requests at most 0.5 ms above an idle server's",
    read: ({ byTarget: { cardgraph } }) => cardgraph?.addedP99Ms?.median ?? null,
    atMost: 0.5,
    unit: " ms",
  },
  {
    workload: "W5",
    text: "a CPU second in each of two processes does at least 1.8 times one's work",
    read: ({ byTarget: { "cardgraph x1": one, "cardgraph x2": two } }) =>
      one && two ? (2 * one.cpuUs.median) / two.cpuUs.median : null,
    atLeast: 1.8,
    unit: "x",
  },
  {
    workload: "W6",
    text: "an open subscription takes at most 30 KiB",
    read: ({ subscriptions }) => subscriptions?.residentKib ?? null,
    atMost: 30,
    unit: " KiB",
  },
  {
    workload: "W6",
    text: "an event is at every subscriber within a second",
    read: ({ subscriptions }) => subscriptions?.eventMs.median ?? null,
    atMost: 1_000,
    unit: " ms",
  },
];

function atMostTimes(workload, target, atMost) {
  return {
    workload,
    text: `at most ${atMost} times the CPU of ${target}`,
    read: ({ byTarget: { cardgraph, [target]: other } }) =>
      cardgraph && other ? cardgraph.cpuUs.median / other.cpuUs.median : null,
    atMost,
    unit: "x",
  };
}

/**
 * Which goals were reached.
 * @param {readonly any[]} results As `measure` gives them.
 * @param {any} subscriptions As `measureSubscriptions` gives it, or null.
 */
export function judgeGoals(results, subscriptions) {
  return GOALS.flatMap(({ read, workload, text, unit, ...bounds }) => {
    const mine = results.filter((result) => result.workload === workload);
    const byTarget = Object.fromEntries(mine.map((result) => [result.target, result]));
    const value = read({ byTarget, subscriptions: workload === "W6" ? subscriptions : null });
    const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = bounds;
    return value === null
      ? []
      : [{ workload, text, ...bounds, value, unit, reached: value <= atMost && value >= atLeast }];
  });
}
