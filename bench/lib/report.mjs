/**
 * Prints results as a table, one line a workload, target and database.
 * @param {readonly any[]} results As `measure` gives them.
 * @param {import("./terminal.mjs").Screen} screen
 */
export function printResults(results, { line, paint }) {
  const sorted = results.toSorted((left, right) => left.workload.localeCompare(right.workload));
  const rows = sorted.map((result) => [
    `${result.workload} ${result.title}`,
    `${result.target}, ${result.database}`,
    `${Math.round(result.cpuUs.median)} µs`,
    `${spread(result.cpuUs)} %`,
    milliseconds(result.p50Ms),
    milliseconds(result.p99Ms),
    `${Math.round(result.perSecond.median)}/s`,
  ]);
  line();
  printTable([["workload", "server", "CPU each", "±", "p50", "p99", "rate"], ...rows], { line, paint });
  for (const { workload, title, idleP99Ms, p99Ms, addedP99Ms, perSecond, unsent } of sorted) {
    if (addedP99Ms === undefined) continue;
    line();
    line(`${workload} ${title}: CPU and rate are the heavy requests', p50 and p99 the light ones'.`);
    line(
      `   p99 ${milliseconds(idleP99Ms)} without heavy requests, ${milliseconds(p99Ms)} beside ` +
        `${Math.round(perSecond.median)}/s of them: ${signed(p99Ms.median - idleP99Ms.median)} ms.`,
    );
    if (unsent.max > 0) line(`   Up to ${unsent.max} requests of a round were not sent: the server did not keep up.`);
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
