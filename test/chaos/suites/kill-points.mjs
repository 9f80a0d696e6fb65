import { setTimeout as pause } from "node:timers/promises";
import { KILL_POINTS } from "../points.mjs";
import { judgeWorld, settle } from "../settle.mjs";
import { insist } from "../storm.mjs";
import { SETTLE_MS } from "./matrix.mjs";

/** How long an order may take to come to a step. */
const REACH_MS = 8_000;
/** How many orders are tried at one step. */
const ATTEMPTS = 3;

/**
 * kill -9 at every named step: the server stands still there, is killed, a fresh one takes its place on the same
 * database, and the client goes on.
 * @param {import("../context.mjs").Context} context
 * @param {{ database: "postgres" | "embedded", dedupes?: boolean }} options
 */
export async function runKillPoints(context, { database, dedupes = false }) {
  const { seed, plan } = context;
  const chosen = KILL_POINTS.filter(({ name }) => plan.points === null || plan.points.includes(name));
  const points = chosen.filter((point) => (point.dedupes ?? false) === dedupes);
  const total = points.length * plan.killsPerPoint;
  const onProgress = context.progress(total, "kills");
  return context.withDatabase(database, async (place) => {
    const world = await context.openWorld({ database: place, faulty: false, dedupes });
    const sent = new Map();
    const kills = Object.fromEntries(points.map(({ name }) => [name, 0]));
    const missed = [];
    try {
      for (let turn = 0; turn < total; turn += 1) {
        const point = points[Math.floor(turn / plan.killsPerPoint)];
        const order = { name: `k${database[0]}${dedupes ? "d" : ""}-${turn}`, scenario: point.scenario ?? "approve" };
        if (await killSoon(world, seed, sent, point, order)) kills[point.name] += 1;
        else missed.push(`the step was not reached: ${point.name}`);
        onProgress(turn + 1);
      }
      const orderNos = [...sent.keys()];
      const settled = context.progress(orderNos.length, "settled");
      const seen = await settle({ servers: world.servers, orderNos, withinMs: SETTLE_MS, onProgress: settled });
      const judged = await judgeWorld(world, sent, seen);
      const killed = Object.values(kills).reduce((sum, count) => sum + count, 0);
      return {
        orders: orderNos.length,
        database,
        kills,
        crashes: world.crashes,
        faultsFound: missed,
        note: `${killed} kills at ${points.length} steps`,
        ...judged,
      };
    } finally {
      await world.close();
    }
  });
}

/** Tries a few orders: at a step told by what went before it, an earlier order that is still moving may come between. */
async function killSoon(world, seed, sent, point, { name, scenario }) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (await killAt(world, seed, sent, point, `${name}_${attempt}-${scenario}`)) return true;
  }
  return false;
}

/** Kills the server while an order stands at a step. False when no order came there. */
async function killAt(world, seed, sent, point, orderNo) {
  const [slot] = world.slots;
  const { provider } = world;
  const paused = Promise.withResolvers();
  slot.onPaused = () => paused.resolve(true);
  provider.on("held", () => paused.resolve(true));
  if (point.phase) await slot.program.ask("pauseAt", point);
  else await provider.ask("hold", true);
  const entry = { orderNo, acknowledged: [], attempts: 0, refusals: [] };
  sent.set(orderNo, entry);
  const client = insist(seed, entry, world.servers, 0);
  const reached = await Promise.race([paused.promise, pause(REACH_MS, false)]);
  slot.onPaused = () => undefined;
  await slot.kill();
  if (!point.phase) await provider.ask("hold", false);
  await slot.start();
  await client;
  return reached;
}
