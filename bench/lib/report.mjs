import { judgeGoals } from "./goals.mjs";

/** The server that the others are compared with. */
const OWN = "cardgraph";

/**
 * Prints results as a table, one line a workload and server, and which goals were reached.
 * @param {readonly any[]} results As `measure` gives them.
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printResults(results, { line, paint }) {
  const sorted = results.toSorted((left, right) => left.workload.localeCompare(right.workload));
  line();
  printTable([HEADINGS, ...sorted.map((result, index) => rowOf(result, sorted[index - 1], sorted))], { line, paint });
  for (const { workload, title } of sorted.filter(isFirstOf)) {
    const steady = sorted.filter((result) => result.workload === workload && result.addedP99Ms);
    if (steady.length === 0) continue;
    line();
    line(`${workload} ${title}: CPU and rate are the heavy requests', p50 and p99 the light ones'.`);
    for (const result of steady) printSteady(result, line);
  }
  printGoals(results, { line, paint });
}

const HEADINGS = ["workload", "server", "CPU each", "±", "x cardgraph", "database CPU", "p50", "p99", "rate"];

function rowOf(result, before, results) {
  const own = results.find(({ workload, target }) => workload === result.workload && target === OWN);
  const isFirst = before?.workload !== result.workload;
  return [
    isFirst ? `${result.workload} ${result.title}` : "",
    result.target,
    `${Math.round(result.cpuUs.median)} µs`,
    `${spread(result.cpuUs)} %`,
    own ? (result.cpuUs.median / own.cpuUs.median).toFixed(2) : "",
    result.databaseUs ? `${Math.round(result.databaseUs.median)} µs` : "within",
    milliseconds(result.p50Ms),
    milliseconds(result.p99Ms),
    `${Math.round(result.perSecond.median)}/s`,
  ];
}

const isFirstOf = (result, index, results) => results[index - 1]?.workload !== result.workload;

function printSteady({ target, idleP99Ms, p99Ms, addedP99Ms, perSecond, unsent }, line) {
  line(
    `   ${target}: p99 ${milliseconds(idleP99Ms)} without heavy requests, ${milliseconds(p99Ms)} beside ` +
      `${Math.round(perSecond.median)}/s of them: ${signed(addedP99Ms.median)} ms.`,
  );
  if (unsent.max > 0) line(`   Up to ${unsent.max} requests of a round were not sent: ${target} did not keep up.`);
}

function printGoals(results, { line, paint }) {
  const goals = judgeGoals(results);
  if (goals.length === 0) return;
  line();
  for (const { workload, text, value, unit, reached } of goals) {
    const verdict = reached ? paint("green", "reached    ") : paint("yellow", "not reached");
    line(`${verdict}  ${workload} ${text}: ${value.toFixed(2)}${unit === "x" ? "" : " "}${unit}`);
  }
}

/**
 * Prints the largest shares of a profile.
 * @param {string} title
 * @param {ReturnType<typeof import("./profile.mjs").summariseProfile>} summary
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printProfile(title, { packages, functions }, { line, paint }) {
  const percent = ({ share }) => `${(share * 100).toFixed(1)} %`;
  line();
  line(paint("bold", title));
  for (const [heading, entries, count] of [
    ["by package", packages, 15],
    ["by function, its own time only", functions, 25],
  ]) {
    line(`  ${paint("dim", heading)}`);
    for (const entry of entries.slice(0, count)) line(`  ${percent(entry).padStart(7)}  ${entry.name}`);
  }
}

function printTable(rows, { line, paint }) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isText = (column) => column < 2;
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) =>
      isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    );
    line(paint(index === 0 ? "dim" : "reset", cells.join("  ")));
  }
}

/** Half of the distance between the best and the worst round, in percent of the median. */
function spread({ median, min, max }) {
  return Math.round(((max - min) / 2 / median) * 100);
}

function milliseconds({ median }) {
  return `${median < 10 ? median.toFixed(2) : median.toFixed(1)} ms`;
}

function signed(value) {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
}
