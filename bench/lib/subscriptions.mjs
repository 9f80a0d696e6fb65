import { setTimeout as pause } from "node:timers/promises";
import { startProgram } from "../../test/chaos/processes.mjs";
import { openWorld } from "../../test/chaos/world.mjs";
import { requests } from "../workloads/index.mjs";
import { ask } from "./asking.mjs";
import { cpuUs } from "./cpu.mjs";
import { summarise } from "./statistics.mjs";

/** What the order goes through while it is followed, one callback each. */
const STAGES = ["INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD", "ACTIVE"];
/** Longer than the run: cards move when they are told to. */
const NEVER_MS = 3_600_000;
const WITHIN_MS = 60_000;
/** Subscriptions that one request to a client program opens. */
const SLICE = 200;
/** Of five subscribers, four come over server-sent events. */
const SSE_SHARE = 0.8;

/**
 * Opens subscriptions, each on a connection of its own and all of one order, which is the hardest: every change has to
 * come to all of them at once. Measures what they hold of memory, and how long after the provider's callback the last
 * of them has been shown a change. The programs are those of the storms.
 * @param {{ subscribers: number }} workload
 * @param {{ databases: import("./database.mjs").Databases, signal: AbortSignal }} tools
 * @param {(done: number, of: number) => void} report
 */
export async function measureSubscriptions({ subscribers }, { databases, signal }, report) {
  const place = await databases.open("postgres");
  const world = await openWorld({
    seed: 1,
    reviewAfterMs: NEVER_MS,
    database: { kind: "postgres", url: place.env.DATABASE_URL },
    faulty: false,
    stageMs: NEVER_MS,
    env: { LIVE_OPERATIONS_PER_CLIENT: "1000000", RECONCILE_SCHEDULE_MS: String(NEVER_MS) },
    nodeArgs: ["--expose-gc"],
  });
  const overSse = Math.round(subscribers * SSE_SHARE);
  const groups = [
    { transport: "SSE", count: overSse, client: startProgram("subscribers.mjs") },
    { transport: "WebSocket", count: subscribers - overSse, client: startProgram("subscribers.mjs") },
  ];
  const stop = async () => {
    await Promise.all(groups.map(({ client }) => client.stop()));
    await world.close();
    await place.remove();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [{ url, program }] = world.slots;
    const orderNo = await placeOrder(url);
    const before = await program.ask("memory");
    const memory = [];
    let { usedBytes } = before;
    let open = 0;
    for (const { transport, count, client } of groups) {
      for (let more = 0; more < count; more += SLICE) {
        const slice = Math.min(SLICE, count - more);
        await client.ask("open", { url, transport, orderNos: [orderNo], count: slice });
        open += slice;
        report(open, subscribers);
      }
      const now = await program.ask("memory");
      memory.push({ transport, count, kibEach: (now.usedBytes - usedBytes) / count / 1_024 });
      ({ usedBytes } = now);
    }
    const { residentBytes } = await program.ask("memory");
    const events = [];
    for (const status of STAGES) events.push(await follow(world, groups, { orderNo, status, pid: program.pid }));
    return {
      subscribers,
      residentKib: (residentBytes - before.residentBytes) / subscribers / 1_024,
      groups: memory,
      eventMs: summarise(events.map(({ ms }) => ms)),
      eventCpuUs: summarise(events.map(({ us }) => us / subscribers)).median,
      broken: (await seenBy(groups)).broken,
    };
  } finally {
    signal.removeEventListener("abort", stop);
    await stop();
  }
}

async function placeOrder(url) {
  const { data, text } = await ask({ url, dialect: "graphql" }, requests.createVirtualCard, {}, 0);
  if (!data || !requests.createVirtualCard.check(data)) throw new Error(`the order was not placed: ${text}`);
  return data.createVirtualCard.order.orderNo;
}

/** Moves the card on and waits until everybody has been shown it; in milliseconds, and CPU in microseconds. */
async function follow(world, groups, { orderNo, status, pid }) {
  const { shown } = await seenBy(groups);
  const wanted = shown + groups.reduce((sum, { count }) => sum + count, 0);
  const beforeUs = cpuUs(pid);
  const startedAtMs = Date.now();
  await world.provider.ask("move", [orderNo], status);
  for (;;) {
    const now = await seenBy(groups);
    if (now.shown >= wanted) return { ms: now.lastShownAtMs - startedAtMs, us: cpuUs(pid) - beforeUs };
    if (Date.now() - startedAtMs > WITHIN_MS)
      throw new Error(`${wanted - now.shown} subscribers were not shown ${status}`);
    await pause(100);
  }
}

async function seenBy(groups) {
  const all = await Promise.all(groups.map(({ client }) => client.ask("seen")));
  return {
    shown: all.reduce((sum, { shown }) => sum + shown, 0),
    broken: all.reduce((sum, { broken }) => sum + broken, 0),
    lastShownAtMs: Math.max(...all.map(({ lastShownAtMs }) => lastShownAtMs)),
  };
}
