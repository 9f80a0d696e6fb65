/** The server that the others are compared with, and the group that larger ones are. */
const OWN = ["cardgraph", "cardgraph x1"];

/**
 * Prints results as a table, one line a workload and server.
 * @param {readonly any[]} results As `measure` gives them.
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printResults(results, { line, paint }) {
  if (results.length === 0) return;
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
}

const HEADINGS = ["workload", "server", "CPU each", "±", "x cardgraph", "database CPU", "p50", "p99", "rate"];

function rowOf(result, before, results) {
  const own = results.find(({ workload, target }) => workload === result.workload && OWN.includes(target));
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

/**
 * Prints which goals were reached.
 * @param {ReturnType<typeof import("./goals.mjs").judgeGoals>} goals
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printGoals(goals, { line, paint }) {
  line();
  for (const { workload, text, value, unit, reached } of goals) {
    const verdict = reached ? paint("green", "reached    ") : paint("yellow", "not reached");
    line(`${verdict}  ${workload} ${text}: ${value.toFixed(unit === "x" ? 2 : 1)}${unit}`);
  }
}

/**
 * Prints what open subscriptions cost.
 * @param {Awaited<ReturnType<typeof import("./subscriptions.mjs").measureSubscriptions>>} subscriptions
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printSubscriptions({ subscribers, residentKib, groups, eventMs, eventCpuUs, broken }, { line }) {
  const memory = groups.map(({ transport, kibEach }) => `${kibEach.toFixed(1)} KiB over ${transport}`).join(", ");
  line();
  line(
    `W6 ${subscribers} open subscriptions of one order: ${residentKib.toFixed(1)} KiB of the process each (of objects`,
  );
  line(`   and buffers: ${memory}). From the provider's callback until the change was at the last of them:`);
  line(
    `   ${Math.round(eventMs.median)} ms (${Math.round(eventMs.min)} to ${Math.round(eventMs.max)}), ${eventCpuUs.toFixed(0)} µs of CPU each. ${broken} broke.`,
  );
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

/**
 * Prints how costs grow with the tables.
 * @param {Awaited<ReturnType<typeof import("./growth.mjs").measureGrowth>>} growth
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printGrowth({ sizes, embedded }, screen) {
  const headings = sizes.map(({ rows }) => `${rows.toLocaleString("en")} orders`);
  const table = (first, list, write) =>
    printTable([first, ...list[0].map((_, row) => write(row))], { ...screen, textColumns: 1 });
  screen.line();
  const reads = sizes.map((size) => size.reads);
  table(["CPU of server + database, p50", ...headings], reads, (row) => [
    reads[0][row].title,
    ...reads.map((list) => {
      const { cpuUs, databaseUs, p50Ms } = list[row];
      const database = databaseUs ? ` + ${Math.round(databaseUs.median)}` : "";
      return `${Math.round(cpuUs.median)}${database} µs, ${milliseconds(p50Ms)}`;
    }),
  ]);
  screen.line();
  const statements = sizes.map((size) => size.statements);
  table(["statement: time, blocks, rows read", ...headings], statements, (row) => [
    statements[0][row].statement,
    ...statements.map((list) => `${list[row].ms.toFixed(2)} ms, ${list[row].blocks}, ${list[row].rowsRead}`),
  ]);
  screen.line();
  screen.line(`How the database finds them among ${headings.at(-1)}:`);
  for (const { statement, indexes, readsAllOf } of sizes.at(-1).statements) {
    const all = readsAllOf.map((name) => `ALL OF ${name}`);
    screen.line(`   ${statement}: ${[...indexes, ...all].join(", ")}`);
  }
  screen.line();
  const starts = [
    ...sizes.map(({ rows, start }) => ({ database: "postgres", rows, ...start })),
    ...embedded.map((start) => ({ database: "embedded", ...start })),
  ];
  for (const { database, rows, startMs, restMemoryMib } of starts) {
    screen.line(
      `A start on ${database} with ${rows.toLocaleString("en")} orders: ${startMs} ms, ${restMemoryMib} MiB at rest.`,
    );
  }
}

function printTable(rows, { line, paint, textColumns = 2 }) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isText = (column) => column < textColumns;
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
