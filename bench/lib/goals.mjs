/**
 * What this server is to reach, each against another server of the same run or as a bound.
 * @typedef {object} Goal
 * @property {string} workload
 * @property {string} text What is asked for.
 * @property {(byTarget: Readonly<Record<string, any>>) => { value: number, atMost: number, unit: string } | null} read
 *   Null where what it is compared with was not measured.
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
    read: ({ cardgraph }) => cardgraph && { value: cardgraph.addedP99Ms.median, atMost: 0.5, unit: "ms" },
  },
];

function atMostTimes(workload, target, atMost) {
  return {
    workload,
    text: `at most ${atMost} times the CPU of ${target}`,
    read: ({ cardgraph, [target]: other }) =>
      cardgraph && other ? { value: cardgraph.cpuUs.median / other.cpuUs.median, atMost, unit: "x" } : null,
  };
}

/**
 * Which goals were reached.
 * @param {readonly any[]} results As `measure` gives them.
 * @returns {readonly { workload: string, text: string, value: number, atMost: number, unit: string, reached: boolean }[]}
 */
export function judgeGoals(results) {
  return GOALS.flatMap(({ workload, text, read }) => {
    const mine = results.filter((result) => result.workload === workload);
    const found = read(Object.fromEntries(mine.map((result) => [result.target, result])));
    return found ? [{ workload, text, ...found, reached: found.value <= found.atMost }] : [];
  });
}
