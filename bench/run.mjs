// Measures this server beside those that people would write instead, on the same work.
//
//   npm run bench -- [--quick] [--only=W1,W2] [--targets=cardgraph,mercurius] [--profile]
//
// Results go to the terminal, and those of a whole run to bench/results.json. What is measured and how: README.md in this folder.

import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { startProgram } from "./lib/child-program.mjs";
import { choosePins, peakMemoryMib } from "./lib/cpu.mjs";
import { openDatabases } from "./lib/database.mjs";
import { judgeGoals } from "./lib/goals.mjs";
import { preparePeers } from "./lib/install-peers.mjs";
import { measure } from "./lib/measure.mjs";
import { profileWhile, summariseProfile } from "./lib/profile.mjs";
import { printProfile, printResults } from "./lib/report.mjs";
import { setStage } from "./lib/stage.mjs";
import { bar, openScreen } from "./lib/terminal.mjs";
import { targets } from "./targets/index.mjs";
import { workloads } from "./workloads/index.mjs";

const FULL = { warmUpMs: 2_000, warmUpRequests: 3_000, warmUpAtMostMs: 12_000, roundMs: 2_500, rounds: 5 };
const QUICK = { warmUpMs: 600, warmUpRequests: 1_500, warmUpAtMostMs: 4_000, roundMs: 800, rounds: 2 };
/** Profiles are taken of code that has become fast: the warm-up is a run of its own. */
const PROFILED = { warmUpMs: 0, warmUpRequests: 0, warmUpAtMostMs: 0, roundMs: 8_000, rounds: 1 };
const BEFORE_PROFILE = { ...FULL, warmUpAtMostMs: 20_000, roundMs: 1_000, rounds: 1 };
const BAR_WIDTH = 24;
const RESULTS = new URL("results.json", import.meta.url);

const screen = openScreen(process.stdout);
const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"]) {
  process.on(name, () => interrupted.abort(new Error("interrupted")));
}

const closers = [];
try {
  await main(readArguments());
} catch (error) {
  screen.clear();
  const { aborted } = interrupted.signal;
  console.error(aborted ? "Interrupted." : `The benchmark failed: ${error.message}`);
  process.exitCode = aborted ? 130 : 1;
} finally {
  for (const close of closers.reverse()) await close();
}
process.exit();

function readArguments() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      targets: { type: "string" },
      profile: { type: "boolean", default: false },
    },
  });
  const chosen = pick("--only", values.only?.toUpperCase(), workloads, ({ id }) => id);
  const servers = pick("--targets", values.targets, targets, ({ name }) => name);
  const isWhole = !values.quick && !values.profile && !values.only && !values.targets;
  return { chosen, servers, isWhole, quick: values.quick, profile: values.profile };
}

/** Those of a list that an option names; all of them without it. */
function pick(option, names, list, nameOf) {
  if (names === undefined) return list;
  const picked = list.filter((entry) => names.split(",").includes(nameOf(entry)));
  if (picked.length < names.split(",").length) throw new Error(`${option} takes some of ${list.map(nameOf).sort()}`);
  return picked;
}

async function main({ chosen, servers, isWhole, quick, profile }) {
  if (process.platform !== "linux") throw new Error("CPU is read from /proc, which only Linux has.");
  const pins = choosePins();
  const loads = {
    main: startProgram("load.mjs", { core: pins?.others, preferred: true }),
    heavy: startProgram("load.mjs", { core: pins?.others }),
  };
  closers.push(loads.main.stop, loads.heavy.stop);
  if (servers.some((target) => !target.name.startsWith("cardgraph"))) await preparePeers(screen.line);
  screen.status("starting PostgreSQL");
  const databases = await openDatabases(process.env.DATABASE_URL_BENCH, pins?.others);
  closers.push(databases.close);
  screen.line(
    pins === null
      ? "Not pinned: all processes share all cores, so expect noise."
      : `The server runs on core ${pins.server}; providers, load and PostgreSQL run on core ${pins.others}.`,
  );
  const effort = quick ? QUICK : FULL;
  const stages = await setStages(servers, databases, pins, profile);
  const tools = { loads, postgresPid: databases.postgresPid };
  const results = [];
  for (const workload of chosen) {
    const runOn = (some, howLong) => race(measure(workload, some, tools, howLong, showProgress(workload)));
    if (profile) await profileEach(stages, workload, runOn);
    else results.push(...(await runOn(stages, effort)));
  }
  screen.clear();
  if (profile) return;
  printResults(results, screen);
  if (!isWhole) return screen.line("\nA part of the benchmark, so bench/results.json stays as it was.");
  const about = {
    machine: machine(pins),
    postgres: databases.postgresVersion,
    effort,
    servers: stages.map(aboutStage),
  };
  writeFileSync(RESULTS, `${JSON.stringify({ ...about, goals: judgeGoals(results), results }, null, 2)}\n`);
  screen.line("\nAll rounds are in bench/results.json.");
}

/** Starts every target on a database of its own. */
async function setStages(servers, databases, pins, profile) {
  const stages = [];
  for (const target of servers) {
    screen.status(`starting ${target.name}`);
    const nodeArgs = profile ? ["--inspect=127.0.0.1:0"] : [];
    const stage = await setStage({ target, databases, pins, nodeArgs, signal: interrupted.signal });
    closers.push(stage.close);
    stages.push(stage);
  }
  return stages;
}

async function profileEach(stages, workload, runOn) {
  for (const stage of stages) {
    await runOn([stage], BEFORE_PROFILE);
    const profile = await profileWhile(stage.server.inspectorUrl, () => runOn([stage], PROFILED));
    printProfile(`${workload.id} ${workload.title}, ${stage.target}`, summariseProfile(profile), screen);
  }
}

/** The result, or the interruption if that comes first. */
function race(work) {
  const { signal } = interrupted;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function showProgress({ id, title }) {
  if (!screen.isLive) screen.line(`${id} ${title}`);
  return (done, of) => screen.status(`${id}  ${bar(done / of, BAR_WIDTH)}  ${title}`);
}

function aboutStage({ target, title, database, startMs, server }) {
  return { target, title, database, startMs: Math.round(startMs), peakMemoryMib: peakMemoryMib(server.pid) };
}

function machine(pins) {
  const [core] = cpus();
  return { node: process.version, kernel: release(), cpu: core.model, cores: cpus().length, pins };
}
