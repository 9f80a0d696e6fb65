import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { openScreen } from "../../bench/lib/terminal.mjs";
import { openContext } from "./context.mjs";
import { FINDINGS, isClean } from "./judge.mjs";
import { PLANS, withOrders } from "./plan.mjs";
import { killRest } from "./processes.mjs";
import { stepsOf } from "./suites/index.mjs";

const USAGE = `npm run chaos -- [options]
  --seed N       what is chosen by chance follows from it (1)
  --orders N     orders across the fault matrix, four fifths of them on PostgreSQL
  --db KIND      postgres, embedded or both (both)
  --only SUITE   one suite; may be given several times
  --quick        a few minutes instead of a quarter of an hour
  --short        under a minute; what runs with the tests
  --json FILE    writes every figure to a file
TEST_DATABASE_URL names a PostgreSQL to use; without it the run starts one of its own.
`;

const screen = openScreen();
process.exitCode = await main().catch((error) => {
  screen.line(error.stack);
  return 1;
});

async function main() {
  const options = readOptions();
  if (options === null) return 1;
  const { seed, plan, databases, only, json } = options;
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  process.on("exit", killRest);
  const steps = stepsOf(databases, plan).filter(({ suite }) => only.length === 0 || only.includes(suite));
  const startedMs = performance.now();
  const context = await openContext({ seed, plan, databases, screen });
  const results = [];
  try {
    for (const step of steps) results.push(await runStep(context, step));
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
    postgres: context.postgres?.version ?? null,
    results,
  };
  if (json) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  return verdict(results, seconds);
}

async function runStep(context, { suite, title, expect, run }) {
  const startedMs = performance.now();
  context.title(title);
  const result = await run(context);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const holds =
    isClean(result.findings) && (result.crashes ?? []).length === 0 && (result.faultsFound ?? []).length === 0;
  const ok = expect === "must-hold" ? holds : (result.failedAsItMust ?? result.findings.duplicates > 0);
  const mark = ok ? screen.paint("green", "ok  ") : screen.paint("red", "FAIL");
  screen.line(`${mark} ${title}: ${summary(result)} (${seconds} s)`);
  if (expect === "must-hold" && !ok) {
    for (const line of [...(result.examples ?? []), ...(result.crashes ?? []), ...(result.faultsFound ?? [])]) {
      screen.line(`       ${line}`);
    }
  }
  return { suite, title, expect, ok, seconds, ...result };
}

function summary({ orders, findings, states, note }) {
  const wrong = Object.entries(findings).filter(([, count]) => count > 0);
  const found =
    wrong.length === 0
      ? "nothing wrong"
      : wrong.map(([name, count]) => `${count} × ${FINDINGS[name] ?? name}`).join(", ");
  const ended = states
    ? `, ${Object.entries(states)
        .map(([name, count]) => `${count} ${name}`)
        .join(", ")}`
    : "";
  return `${orders} orders${ended}; ${found}${note ? `; ${note}` : ""}`;
}

function verdict(results, seconds) {
  const broken = results.filter(({ expect, ok }) => expect === "must-hold" && !ok);
  const voided = results.filter(({ expect, ok }) => expect === "must-fail" && !ok);
  const orders = results.filter(({ expect }) => expect === "must-hold").reduce((sum, one) => sum + one.orders, 0);
  if (broken.length > 0) {
    screen.line(screen.paint("red", `BROKEN: ${broken.map(({ title }) => title).join("; ")} (${seconds} s)`));
    return 1;
  }
  if (voided.length > 0) {
    screen.line(
      screen.paint(
        "red",
        `VOID: a control did not fail, so the run shows nothing: ${voided.map(({ title }) => title).join("; ")}`,
      ),
    );
    return 1;
  }
  const controls = results.filter(({ expect }) => expect === "must-fail").length;
  screen.line(
    screen.paint(
      "green",
      `HELD: ${orders} orders, nothing wrong; ${controls} controls failed as they must (${seconds} s)`,
    ),
  );
  return 0;
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
  return { seed: values.seed, plan, mode, databases, only: values.only, json: values.json };
}
