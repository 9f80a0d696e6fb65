import { cpuUs } from "./cpu.mjs";
import { summarise } from "./statistics.mjs";

/**
 * How long and how often.
 * @typedef {object} Effort
 * @property {number} warmUpMs At least, and until code has become fast:
 * @property {number} warmUpRequests so many requests were answered,
 * @property {number} warmUpAtMostMs or so much time has passed.
 * @property {number} roundMs
 * @property {number} rounds
 *
 * The processes that send requests.
 * @typedef {object} Loads
 * @property {import("./child-program.mjs").ChildProgram} main
 * @property {import("./child-program.mjs").ChildProgram} heavy
 */

/** What a load may take longer than it should before it counts as stuck. */
const PATIENCE_MS = 60_000;

/**
 * Measures one workload on every stage, round by round in turn, forwards and backwards, so that what happens to the
 * machine meanwhile happens to all of them. Throws on the first answer that is not right.
 * @param {object} workload One of `workloads`.
 * @param {readonly import("./stage.mjs").Stage[]} stages
 * @param {{ loads: Loads, postgresPid: number | null }} tools
 * @param {Effort} effort
 * @param {(done: number, of: number) => void} report
 */
export async function measure(workload, stages, { loads, postgresPid }, effort, report) {
  const runRound = workload.steady ? steadyRound : turnsRound;
  const steps = stages.length * (effort.rounds + 1);
  const rounds = new Map(stages.map((stage) => [stage, []]));
  let done = 0;
  const runStage = async (stage, span) => {
    report(done, steps);
    const pids = {
      servers: stage.servers.map(({ pid }) => pid),
      postgres: stage.database === "postgres" ? postgresPid : null,
    };
    const round = await runRound(workload, stage, { loads, pids, span });
    done += 1;
    return round;
  };
  const { warmUpMs, warmUpRequests, warmUpAtMostMs, roundMs } = effort;
  for (const stage of stages) {
    // Every process has to become fast, and each is sent its part only.
    const times = stage.servers.length;
    const bounds = { atLeast: warmUpRequests * times, atMostMs: warmUpAtMostMs * times };
    await runStage(stage, { durationMs: warmUpMs, ...bounds });
  }
  for (let round = 0; round < effort.rounds; round += 1) {
    const inTurn = round % 2 === 0 ? stages : stages.toReversed();
    for (const stage of inTurn) rounds.get(stage).push(await runStage(stage, { durationMs: roundMs }));
  }
  return stages.map((stage) => ({
    workload: workload.id,
    title: workload.title,
    target: stage.target,
    database: stage.database,
    ...summariseFields(rounds.get(stage)),
  }));
}

/** Requests in turns: how much CPU each costs, and how long it takes at this concurrency. */
async function turnsRound({ request, concurrency }, { servers, dialect, facts }, { loads, pids, span }) {
  const job = { name: request, urls: urlsOf(servers), dialect, facts, concurrency, ...span };
  const before = readCpu(pids);
  const load = await loads.main.ask(job, span.durationMs + PATIENCE_MS);
  const used = since(before, readCpu(pids));
  return {
    cpuUs: used.serverUs / load.count,
    ...(used.postgresUs === null ? {} : { databaseUs: used.postgresUs / load.count }),
    p50Ms: load.p50Ms,
    p99Ms: load.p99Ms,
    perSecond: load.perSecond,
  };
}

/** Light requests alone, then beside heavy ones: what the heavy ones cost, and what they do to the light ones. */
async function steadyRound({ steady }, { servers, dialect, facts }, { loads, pids, span: { durationMs } }) {
  const address = { urls: urlsOf(servers), dialect, facts, durationMs };
  const lightJob = { ...address, name: steady.light, ratePerSecond: steady.lightPerSecond };
  const heavyJob = { ...address, name: steady.heavy, ratePerSecond: steady.heavyPerSecond };
  const waitMs = durationMs + PATIENCE_MS;
  const start = readCpu(pids);
  const idle = await loads.main.ask(lightJob, waitMs);
  const between = readCpu(pids);
  const [busy, pressure] = await Promise.all([loads.main.ask(lightJob, waitMs), loads.heavy.ask(heavyJob, waitMs)]);
  const light = since(start, between);
  const both = since(between, readCpu(pids));
  return {
    cpuUs: (both.serverUs - light.serverUs) / pressure.count,
    ...(both.postgresUs === null ? {} : { databaseUs: (both.postgresUs - light.postgresUs) / pressure.count }),
    p50Ms: busy.p50Ms,
    p99Ms: busy.p99Ms,
    idleP50Ms: idle.p50Ms,
    idleP99Ms: idle.p99Ms,
    addedP99Ms: busy.p99Ms - idle.p99Ms,
    perSecond: pressure.perSecond,
    unsent: pressure.unsent,
  };
}

const urlsOf = (servers) => servers.map(({ url }) => url);

function readCpu({ servers, postgres }) {
  const serverUs = servers.reduce((sum, pid) => sum + cpuUs(pid), 0);
  return { serverUs, postgresUs: postgres === null ? null : cpuUs(postgres) };
}

function since(before, after) {
  return {
    serverUs: after.serverUs - before.serverUs,
    postgresUs: after.postgresUs === null ? null : after.postgresUs - before.postgresUs,
  };
}

function summariseFields(rounds) {
  const names = Object.keys(rounds[0]);
  return Object.fromEntries(names.map((name) => [name, summarise(rounds.map((round) => round[name]))]));
}
