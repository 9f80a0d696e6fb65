import { cpuUs } from "./cpu.mjs";
import { summarise } from "./statistics.mjs";

/**
 * How long and how often.
 * @typedef {object} Effort
 * @property {number} warmUpMs
 * @property {number} roundMs
 * @property {number} rounds
 *
 * The processes that send requests.
 * @typedef {object} Loads
 * @property {import("./child-program.mjs").ChildProgram} main
 * @property {import("./child-program.mjs").ChildProgram} heavy
 */

/** What a load may take longer than it should before it counts as stuck. */
const PATIENCE_MS = 30_000;

/**
 * Measures one workload on every stage, round by round in turn, so that what happens to the machine meanwhile happens
 * to all of them. Throws on the first answer that is not right.
 * @param {object} workload One of `workloads`.
 * @param {readonly import("./stage.mjs").Stage[]} stages
 * @param {Loads} loads
 * @param {Effort} effort
 * @param {(done: number, of: number) => void} report
 */
export async function measure(workload, stages, loads, effort, report) {
  const runRound = workload.steady ? steadyRound : turnsRound;
  const steps = stages.length * (effort.rounds + 1);
  let done = 0;
  const each = async (durationMs, keep) => {
    for (const [index, stage] of stages.entries()) {
      report(done, steps);
      const round = await runRound(workload, stage, loads, durationMs);
      if (keep) rounds[index].push(round);
      done += 1;
    }
  };
  const rounds = stages.map(() => []);
  await each(effort.warmUpMs, false);
  for (let round = 0; round < effort.rounds; round += 1) await each(effort.roundMs, true);
  return stages.map(({ target, database }, index) => ({
    workload: workload.id,
    title: workload.title,
    target,
    database,
    ...summariseFields(rounds[index]),
  }));
}

/** Requests in turns: how much CPU each costs, and how long it takes at this concurrency. */
async function turnsRound({ request, concurrency }, { server, facts }, { main }, durationMs) {
  const job = { name: request, url: `${server.url}/graphql`, facts, concurrency, durationMs };
  const beforeUs = cpuUs(server.pid);
  const load = await main.ask(job, durationMs + PATIENCE_MS);
  const usedUs = cpuUs(server.pid) - beforeUs;
  return { cpuUs: usedUs / load.count, p50Ms: load.p50Ms, p99Ms: load.p99Ms, perSecond: load.perSecond };
}

/** Light requests alone, then beside heavy ones: what the heavy ones cost, and what they do to the light ones. */
async function steadyRound({ steady }, { server, facts }, { main, heavy }, durationMs) {
  const url = `${server.url}/graphql`;
  const lightJob = { name: steady.light, url, facts, ratePerSecond: steady.lightPerSecond, durationMs };
  const heavyJob = { name: steady.heavy, url, facts, ratePerSecond: steady.heavyPerSecond, durationMs };
  const waitMs = durationMs + PATIENCE_MS;
  const startUs = cpuUs(server.pid);
  const idle = await main.ask(lightJob, waitMs);
  const betweenUs = cpuUs(server.pid);
  const [busy, pressure] = await Promise.all([main.ask(lightJob, waitMs), heavy.ask(heavyJob, waitMs)]);
  const heavyUs = cpuUs(server.pid) - betweenUs - (betweenUs - startUs);
  return {
    cpuUs: heavyUs / pressure.count,
    p50Ms: busy.p50Ms,
    p99Ms: busy.p99Ms,
    idleP50Ms: idle.p50Ms,
    idleP99Ms: idle.p99Ms,
    addedP99Ms: busy.p99Ms - idle.p99Ms,
    perSecond: pressure.perSecond,
    unsent: pressure.unsent,
  };
}

function summariseFields(rounds) {
  const names = Object.keys(rounds[0]);
  return Object.fromEntries(names.map((name) => [name, summarise(rounds.map((round) => round[name]))]));
}
