import { setTimeout as pause } from "node:timers/promises";
import { inputOf } from "../faults.mjs";
import { placeOrder } from "../requests.mjs";
import { judgeWorld, settle } from "../settle.mjs";
import { storm } from "../storm.mjs";
import { SETTLE_MS } from "./matrix.mjs";

const HOUR_MS = 3_600_000;
/** How long the servers may take to serve again once the database is back. */
const RECOVERY_MS = 5_000;
const BETWEEN_KILLS_MS = 2_500;
const DOWN_MS = 400;

/**
 * Every order is sent to all replicas at once; the clock of the last one is two hours off.
 * @param {import("../context.mjs").Context} context
 * @param {{ replicas: number }} options
 */
export async function runRace(context, { replicas }) {
  const { seed, plan } = context;
  const orderNos = Array.from({ length: plan.raceOrders }, (_, index) => `x${replicas}-${index}`);
  const clockShiftsMs = Array.from({ length: replicas }, (_, index) => (index === replicas - 1 ? 2 * HOUR_MS : 0));
  return context.withDatabase("postgres", async (place) => {
    const world = await context.openWorld({ database: place, replicas, clockShiftsMs });
    try {
      const { servers } = world;
      const concurrency = 8;
      const onProgress = context.progress(orderNos.length, "sent");
      const sent = await storm({ seed, orderNos, concurrency, servers, copies: replicas, onProgress });
      const settled = context.progress(orderNos.length, "settled");
      const seen = await settle({ servers, orderNos, withinMs: SETTLE_MS, onProgress: settled });
      const judged = await judgeWorld(world, sent, seen);
      return {
        orders: orderNos.length,
        database: "postgres",
        replicas,
        clockShiftsMs,
        crashes: world.crashes,
        ...judged,
      };
    } finally {
      await world.close();
    }
  });
}

/**
 * The database is killed and started again, several times, in a storm over two replicas.
 * @param {import("../context.mjs").Context} context
 */
export async function runDatabaseKills(context) {
  const { seed, plan, postgres } = context;
  if (!postgres.canBeKilled) {
    return { orders: 0, findings: {}, skipped: "the PostgreSQL of TEST_DATABASE_URL is not ours to kill" };
  }
  return context.withDatabase("postgres", async (place) => {
    const world = await context.openWorld({ database: place, replicas: 2 });
    const sent = new Map();
    const over = new AbortController();
    try {
      const { servers } = world;
      const orderNos = Array.from({ length: 100_000 }, (_, index) => `d-${index}`);
      const stormed = storm({ seed, orderNos, concurrency: 16, servers, sent, signal: over.signal });
      const recoveriesMs = [];
      const onProgress = context.progress(plan.databaseKills, "kills");
      for (let kill = 1; kill <= plan.databaseKills; kill += 1) {
        await pause(BETWEEN_KILLS_MS);
        await postgres.kill();
        await pause(DOWN_MS);
        await postgres.restart();
        const restartedMs = performance.now();
        const served = servers().map((url, index) => untilServed(url, seed, `d-probe-${kill}-${index}`, sent));
        await Promise.all(served);
        recoveriesMs.push(Math.round(performance.now() - restartedMs));
        onProgress(kill);
      }
      over.abort("enough");
      await stormed;
      const begun = [...sent.keys()];
      const settled = context.progress(begun.length, "settled");
      const seen = await settle({ servers, orderNos: begun, withinMs: SETTLE_MS, onProgress: settled });
      const judged = await judgeWorld(world, sent, seen);
      const slow = recoveriesMs.filter((recoveryMs) => recoveryMs > RECOVERY_MS);
      return {
        orders: begun.length,
        database: "postgres",
        replicas: 2,
        kills: plan.databaseKills,
        recoveriesMs,
        crashes: world.crashes,
        faultsFound: slow.map((recoveryMs) => `served again only after ${recoveryMs} ms`),
        note: `${plan.databaseKills} kills of the database, served again after at most ${Math.max(...recoveriesMs)} ms`,
        ...judged,
      };
    } finally {
      over.abort("over");
      await world.close();
    }
  });
}

/** Resolves once a server acknowledges an order again. */
async function untilServed(url, seed, orderNo, sent) {
  const entry = { orderNo, acknowledged: [], attempts: 0, refusals: [] };
  sent.set(orderNo, entry);
  for (;;) {
    entry.attempts += 1;
    const answer = await placeOrder(url, inputOf(seed, orderNo), 5_000).catch(() => null);
    const order = answer?.json?.data?.createVirtualCard?.order;
    if (order) return void entry.acknowledged.push(order.state);
    await pause(20);
  }
}
