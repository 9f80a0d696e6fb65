// Measures this server beside those that people would write instead, on the same work.
//
//   npm run bench -- [--quick] [--only=W1,W2] [--targets=cardgraph,mercurius] [--profile | --prove | --picture | --growth]
//
// Results go to the terminal, and those of a whole run to bench/results.json and bench/results.svg, which --picture draws
// anew; those of --growth to bench/growth.json. What is measured and how: README.md in this folder.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { killRest } from "../test/chaos/processes.mjs";
import { startProgram } from "./lib/child-program.mjs";
import { choosePins, peakMemoryMib } from "./lib/cpu.mjs";
import { openDatabases } from "./lib/database.mjs";
import { judgeGoals } from "./lib/goals.mjs";
import { measureGrowth } from "./lib/growth.mjs";
import { preparePeers } from "./lib/install-peers.mjs";
import { measure } from "./lib/measure.mjs";
import { BEFORE_PROFILE, PROFILED, readOptions } from "./lib/options.mjs";
import { drawResults } from "./lib/picture.mjs";
import { profileWhile, summariseProfile } from "./lib/profile.mjs";
import { printGoals, printGrowth, printProfile, printResults, printSubscriptions } from "./lib/report.mjs";
import { setStage } from "./lib/stage.mjs";
import { measureSubscriptions } from "./lib/subscriptions.mjs";
import { bar, openScreen } from "./lib/terminal.mjs";
import { cardgraph } from "./targets/cardgraph.mjs";

const BAR_WIDTH = 24;
const RESULTS = new URL("results.json", import.meta.url);
const PICTURE = new URL("results.svg", import.meta.url);
const GROWTH = new URL("growth.json", import.meta.url);

const screen = openScreen(process.stdout);
const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"]) {
  process.on(name, () => interrupted.abort(new Error("interrupted")));
}

// An interruption may end this process before everything was stopped in order.
process.on("exit", killRest);

const closers = [];
try {
  await main(readOptions());
} catch (error) {
  screen.clear();
  const { aborted } = interrupted.signal;
  console.error(aborted ? "Interrupted." : `The benchmark failed: ${error.message}`);
  process.exitCode = aborted ? 130 : 1;
} finally {
  for (const close of closers.reverse()) await close();
}
process.exit();

async function main(options) {
  if (options.picture) return writePicture();
  if (process.platform !== "linux") throw new Error("CPU is read from /proc, which only Linux has.");
  const pins = choosePins();
  const loads = {
    main: startProgram("load.mjs", { core: pins?.others, preferred: true }),
    heavy: startProgram("load.mjs", { core: pins?.others }),
  };
  closers.push(loads.main.stop, loads.heavy.stop);
  screen.status("starting PostgreSQL");
  const databases = await openDatabases(process.env.DATABASE_URL_BENCH, pins?.others);
  closers.push(databases.close);
  screen.line(
    pins === null
      ? "Not pinned: all processes share all cores, so expect noise."
      : `The server runs on core ${pins.server}; providers, load and PostgreSQL run on core ${pins.others}.`,
  );
  const tools = { loads, databases, postgresPid: databases.postgresPid, pins, signal: interrupted.signal };
  await (options.growth ? grow(tools) : compare(tools, options));
}

/** The side by side, and what is measured of this server alone. */
async function compare(tools, { chosen, servers, effort, isWhole, profile, prove, json }) {
  const beside = chosen.filter(({ isAlone }) => !isAlone);
  const results = [];
  let about = [];
  if (beside.length > 0) {
    if (servers.some(({ hasOwnPackages }) => hasOwnPackages)) await preparePeers(screen.line);
    const nodeArgs = profile ? ["--inspect=127.0.0.1:0"] : [];
    const stages = await setStages(
      servers.map((target) => ({ target, nodeArgs })),
      tools,
    );
    if (prove) return screen.line(`${stages.map(({ target }) => target).join(", ")}: every answer was right.`);
    if (profile) return profileAll(stages, beside, tools);
    for (const workload of beside) results.push(...(await run(workload, stages, tools, effort)));
    about = stages.map(aboutStage);
    for (const stage of stages) await stage.close();
  }
  for (const workload of chosen.filter(({ processes }) => processes)) {
    const groups = workload.processes.map((processes) => ({
      target: { ...cardgraph, name: `${cardgraph.name} x${processes}` },
      processes,
    }));
    const stages = await setStages(groups, tools);
    results.push(...(await run(workload, stages, tools, effort)));
    for (const stage of stages) await stage.close();
  }
  const followed = chosen.find(({ subscribers }) => subscribers);
  const subscriptions = followed ? await race(measureSubscriptions(followed, tools, showProgress(followed))) : null;
  screen.clear();
  printResults(results, screen);
  if (subscriptions) printSubscriptions(subscriptions, screen);
  const goals = judgeGoals(results, subscriptions);
  printGoals(goals, screen);
  if (json) writeFileSync(json, JSON.stringify({ results, subscriptions, goals }));
  if (!isWhole) return screen.line("\nA part of the benchmark, so bench/results.json stays as it was.");
  const circumstances = {
    machine: machine(tools.pins),
    postgres: tools.databases.postgresVersion,
    effort,
    servers: about,
  };
  writeFileSync(RESULTS, `${JSON.stringify({ ...circumstances, goals, subscriptions, results }, null, 2)}\n`);
  writePicture();
}

async function grow(tools) {
  const growth = await race(measureGrowth(tools, showProgress({ id: "growth", title: "rows" })));
  screen.clear();
  printGrowth(growth, screen);
  const about = { machine: machine(tools.pins), postgres: tools.databases.postgresVersion };
  writeFileSync(GROWTH, `${JSON.stringify({ ...about, ...growth }, null, 2)}\n`);
  screen.line("\nAll of it, plans included, is in bench/growth.json.");
}

/** The picture shows what is in the file, whenever that was measured. */
function writePicture() {
  writeFileSync(PICTURE, drawResults(JSON.parse(readFileSync(RESULTS, "utf8"))));
  screen.line("\nAll rounds are in bench/results.json, and bench/results.svg shows them.");
}

/** Starts servers, each group on a database of its own. */
async function setStages(groups, { databases, pins, signal }) {
  const stages = [];
  for (const { target, nodeArgs = [], processes = 1 } of groups) {
    screen.status(`starting ${target.name}`);
    const stage = await setStage({ target, databases, pins, nodeArgs, signal, processes });
    closers.push(stage.close);
    stages.push(stage);
  }
  return stages;
}

function run(workload, stages, tools, effort) {
  return race(measure(workload, stages, tools, effort, showProgress(workload)));
}

async function profileAll(stages, beside, tools) {
  for (const workload of beside) {
    for (const stage of stages) {
      await run(workload, [stage], tools, BEFORE_PROFILE);
      const work = () => run(workload, [stage], tools, PROFILED);
      const profile = await profileWhile(stage.servers[0].inspectorUrl, work);
      printProfile(`${workload.id} ${workload.title}, ${stage.target}`, summariseProfile(profile), screen);
    }
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

function aboutStage({ target, title, database, startMs, restMemoryMib, servers }) {
  const peak = peakMemoryMib(servers[0].pid);
  return { target, title, database, startMs: Math.round(startMs), restMemoryMib, peakMemoryMib: peak };
}

function machine(pins) {
  const [core] = cpus();
  return { node: process.version, cpu: core.model, cores: cpus().length, pins };
}
