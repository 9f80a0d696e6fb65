// Measures this server, and any other that stands in targets/, on the same work.
//
//   npm run bench -- [--quick] [--only=W1,W2] [--profile]
//
// Results go to the terminal and to bench/results.json. What is measured and how: README.md in this folder.

import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { startProgram } from "./lib/child-program.mjs";
import { choosePins, peakMemoryMib } from "./lib/cpu.mjs";
import { databases } from "./lib/database.mjs";
import { measure } from "./lib/measure.mjs";
import { profileWhile, summariseProfile } from "./lib/profile.mjs";
import { printProfile, printResults } from "./lib/report.mjs";
import { setStage } from "./lib/stage.mjs";
import { bar, openScreen } from "./lib/terminal.mjs";
import { targets } from "./targets/index.mjs";
import { workloads } from "./workloads/index.mjs";

const FULL = { warmUpMs: 3_000, roundMs: 3_000, rounds: 7 };
const QUICK = { warmUpMs: 1_200, roundMs: 1_200, rounds: 3 };
const PROFILED = { warmUpMs: 3_000, roundMs: 6_000, rounds: 1 };
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
      profile: { type: "boolean", default: false },
    },
  });
  const ids = values.only?.toUpperCase().split(",") ?? workloads.map(({ id }) => id);
  const chosen = workloads.filter(({ id }) => ids.includes(id));
  if (chosen.length < ids.length) throw new Error(`--only takes some of ${workloads.map(({ id }) => id).sort()}`);
  return { chosen, quick: values.quick, profile: values.profile };
}

async function main({ chosen, quick, profile }) {
  if (process.platform !== "linux") throw new Error("CPU is read from /proc, which only Linux has.");
  const pins = choosePins();
  const loads = {
    main: startProgram("load.mjs", { core: pins?.others, preferred: true }),
    heavy: startProgram("load.mjs", { core: pins?.others }),
  };
  closers.push(loads.main.stop, loads.heavy.stop);
  screen.line(
    pins === null
      ? "Not pinned: all processes share all cores, so expect noise."
      : `The server runs on core ${pins.server}, providers and load on core ${pins.others}.`,
  );
  const effort = profile ? PROFILED : quick ? QUICK : FULL;
  const results = [];
  const memory = [];
  for (const database of databases(process.env.DATABASE_URL_BENCH)) {
    const stages = await setStages(database, pins, profile);
    for (const workload of chosen) {
      const run = () => race(measure(workload, stages, loads, effort, showProgress(workload, database)));
      if (profile) await profileEach(stages, workload, run);
      else results.push(...(await run()));
    }
    memory.push(...stages.map(({ target, server }) => ({ target, database: database.name, ...peakOf(server) })));
    for (const stage of stages) await stage.close();
  }
  screen.clear();
  if (profile) return;
  printResults(results, screen);
  writeFileSync(RESULTS, `${JSON.stringify({ machine: machine(pins), effort, memory, results }, null, 2)}\n`);
  screen.line("\nAll rounds are in bench/results.json.");
}

/** Starts every target on its own copy of a kind of database. */
async function setStages(database, pins, profile) {
  const stages = [];
  for (const target of targets) {
    screen.status(`starting ${target.name} on the ${database.name} database`);
    const nodeArgs = profile ? ["--inspect=127.0.0.1:0"] : [];
    const stage = await setStage({ target, database, pins, nodeArgs, signal: interrupted.signal });
    closers.push(stage.close);
    stages.push(stage);
  }
  return stages;
}

async function profileEach(stages, workload, run) {
  for (const { server, target, database } of stages) {
    const profile = await profileWhile(server.inspectorUrl, run);
    printProfile(`${workload.id} ${workload.title}, ${target}, ${database}`, summariseProfile(profile), screen);
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

function showProgress(workload, database) {
  if (!screen.isLive) screen.line(`${workload.id} ${workload.title}, ${database.name} database`);
  return (done, of) =>
    screen.status(`${workload.id}  ${bar(done / of, BAR_WIDTH)}  ${workload.title}, ${database.name} database`);
}

function peakOf({ pid }) {
  return { peakMemoryMib: peakMemoryMib(pid) };
}

function machine(pins) {
  const [core] = cpus();
  return { node: process.version, kernel: release(), cpu: core.model, cores: cpus().length, pins };
}
