import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { openScreen } from "../../bench/lib/terminal.mjs";
import { openContext } from "./context.mjs";
import { PLANS, withOrders } from "./plan.mjs";
import { killRest } from "./processes.mjs";
import { FIGURES, record } from "./render.mjs";
import { stepsOf } from "./suites/index.mjs";
import { isAsExpected, linesOf, verdictOf } from "./verdict.mjs";

const USAGE = `npm run chaos -- [options]
  --seed N       what is chosen by chance follows from it (1)
  --orders N     orders across the fault matrix, four fifths of them on PostgreSQL
  --db KIND      postgres, embedded or both (both)
  --only SUITE   one suite; may be given several times
  --quick        a few minutes instead of a quarter of an hour
  --short        under a minute; what runs with the tests
  --json FILE    writes every figure to a file
  --record       writes docs/reliability.json, and docs/reliability.md from it
  --add          with --record: keeps what is written of steps that this run leaves out
TEST_DATABASE_URL names a PostgreSQL to use; without it the run starts one of its own.
`;

const screen = openScreen();
process.exitCode = await main().catch((error) => {
  screen.line(error.stack);
  // What runs beside the step that failed has lost its ground.
  process.exit(1);
});

async function main() {
  const options = readOptions();
  if (options === null) return 1;
  const { seed, plan, databases, only, json } = options;
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  process.on("exit", killRest);
  const steps = stepsOf(databases, plan).filter(({ suite }) => only.length === 0 || only.includes(suite));
  const titles = steps.map(({ title }) => title);
  const startedMs = performance.now();
  const context = await openContext({ seed, plan, databases, screen });
  const results = [];
  try {
    for (const alone of [false, true]) {
      const queue = steps.filter((step) => (step.alone ?? false) === alone);
      const lane = async () => {
        for (let step = queue.shift(); step; step = queue.shift()) results.push(await runStep(context, step));
      };
      await Promise.all(Array.from({ length: alone ? 1 : plan.lanes }, lane));
    }
    results.sort((one, other) => titles.indexOf(one.title) - titles.indexOf(other.title));
  } finally {
    screen.clear();
    await context.close();
  }
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const report = {
    seed,
    mode: options.mode,
    seconds,
    node: process.versions.node,
    cores: availableParallelism(),
    postgres: context.postgres?.version ?? null,
    results,
  };
  if (json) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (options.record) record(options.add ? addedTo(FIGURES, report) : report);
  const { text, ok } = verdictOf(results, seconds);
  screen.line(screen.paint(ok ? "green" : "red", text));
  return ok ? 0 : 1;
}

async function runStep(context, { suite, title, expect, run }) {
  const startedMs = performance.now();
  const result = await run({ ...context, progress: context.progressOf(title) });
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const step = { suite, title, expect, ok: result.skipped ? null : isAsExpected(expect, result), seconds, ...result };
  for (const line of linesOf(step, screen)) screen.line(line);
  return step;
}

/** What was written before, with the steps of this run in place of the same ones or besides them. */
function addedTo(path, report) {
  if (!existsSync(path)) return report;
  const earlier = JSON.parse(readFileSync(path, "utf8"));
  const anew = new Set(report.results.map(({ title }) => title));
  const order = stepsOf(["postgres", "embedded"], PLANS.full).map(({ title }) => title);
  const results = [...earlier.results.filter(({ title }) => !anew.has(title)), ...report.results];
  results.sort((one, other) => order.indexOf(one.title) - order.indexOf(other.title));
  const mode = earlier.mode === report.mode ? report.mode : "mixed";
  return { ...report, mode, seconds: earlier.seconds + report.seconds, results };
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      orders: { type: "string" },
      db: { type: "string", default: "both" },
      only: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      short: { type: "boolean", default: false },
      json: { type: "string" },
      record: { type: "boolean", default: false },
      add: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const databases = { both: ["postgres", "embedded"], postgres: ["postgres"], embedded: ["embedded"] }[values.db];
  const orders = values.orders === undefined ? null : Number(values.orders);
  if (values.help || !databases || (orders !== null && !(orders >= 1))) {
    screen.line(USAGE);
    return null;
  }
  const mode = values.short ? "short" : values.quick ? "quick" : "full";
  const plan = orders === null ? PLANS[mode] : withOrders(PLANS[mode], orders);
  const { seed, only, json, record: written, add } = values;
  return { seed, plan, mode, databases, only, json, record: written, add };
}
