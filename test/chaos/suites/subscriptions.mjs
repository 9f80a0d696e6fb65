import { setTimeout as pause } from "node:timers/promises";
import { startProgram } from "../processes.mjs";
import { readOrders } from "../requests.mjs";
import { insist } from "../storm.mjs";

/** What every order goes through while it is followed, one callback each. */
const STAGES = ["INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD", "ACTIVE"];
const EXPECTED = ["INIT", ...STAGES].join(" ");
const ORDERS = 50;
const WITHIN_MS = 60_000;
/** Longer than the run: cards move when they are told to. */
const STAGE_MS = 3_600_000;

/**
 * Thousands of open subscriptions, four of five over server-sent events and the rest over WebSockets, each on a
 * connection of its own. Every change of every order has to come to each that follows it, once and in order.
 * @param {import("../context.mjs").Context} context
 * @param {{ database: "postgres" | "embedded" }} options
 */
export async function runSubscriptions(context, { database }) {
  const { seed, plan } = context;
  const sse = Math.round(plan.subscribers * 0.8);
  const groups = [
    { transport: "SSE", subscribers: sse },
    { transport: "WebSocket", subscribers: plan.subscribers - sse },
  ];
  const orderNos = Array.from({ length: ORDERS }, (_, index) => `s${database[0]}-${index}`);
  return context.withDatabase(database, async (place) => {
    const env = { LIVE_OPERATIONS_PER_CLIENT: "1000000", RECONCILE_SCHEDULE_MS: "600000" };
    const world = await context.openWorld({
      database: place,
      faulty: false,
      stageMs: STAGE_MS,
      reviewAfterMs: STAGE_MS,
      env,
      nodeArgs: ["--expose-gc"],
    });
    const clients = groups.map(() => startProgram("subscribers.mjs"));
    try {
      const [slot] = world.slots;
      for (const orderNo of orderNos) {
        await insist(seed, { orderNo, acknowledged: [], attempts: 0, refusals: [] }, world.servers, 0);
      }
      const before = await slot.program.ask("memory");
      let { usedBytes } = before;
      for (const [index, group] of groups.entries()) {
        await openIn(clients[index], {
          url: slot.url,
          orderNos,
          group,
          step: context.progress(plan.subscribers, "open"),
        });
        const now = await slot.program.ask("memory");
        group.kibPerSubscriber = Math.round((now.usedBytes - usedBytes) / group.subscribers / 1_024);
        ({ usedBytes } = now);
      }
      const { residentBytes } = await slot.program.ask("memory");
      const residentKib = Math.round((residentBytes - before.residentBytes) / plan.subscribers / 1_024);
      const startedMs = performance.now();
      for (const status of STAGES) await moveAll(world, orderNos, status);
      const rows = [];
      for (const [index, group] of groups.entries()) rows.push(await rowOf(clients[index], group));
      const missing = rows.reduce((sum, row) => sum + row.missing, 0);
      const outOfOrder = rows.reduce((sum, row) => sum + row.wrong, 0);
      const memory = rows.map(({ transport, kibPerSubscriber }) => `${kibPerSubscriber} KiB over ${transport}`);
      return {
        orders: ORDERS,
        database,
        groups: rows,
        residentKib,
        eventsMs: Math.round(performance.now() - startedMs),
        crashes: world.crashes,
        note: `${plan.subscribers} subscribers, ${memory.join(", ")}, ${residentKib} KiB of the process each`,
        findings: { missing, outOfOrder },
        examples: rows.flatMap(({ odd }) => odd),
      };
    } finally {
      await Promise.all(clients.map((client) => client.stop()));
      await world.close();
    }
  });
}

/** In slices, so that no request to the client program takes too long. */
async function openIn(client, { url, orderNos, group, step }) {
  const slice = 200;
  for (let open = 0; open < group.subscribers; open += slice) {
    const count = Math.min(slice, group.subscribers - open);
    await client.ask("open", { url, transport: group.transport, orderNos, count });
    step(open + count);
  }
}

/** Moves every card one stage on, and waits until the server has taken it over. */
async function moveAll(world, orderNos, status) {
  await world.provider.ask("move", orderNos, status);
  const endMs = performance.now() + WITHIN_MS;
  for (;;) {
    const orders = await readOrders(world.servers()[0], orderNos);
    if (orders.every((order) => order?.card?.status === status)) return;
    if (performance.now() > endMs) throw new Error(`not every card became ${status}`);
    await pause(50);
  }
}

async function rowOf(client, { transport, subscribers, kibPerSubscriber }) {
  const endMs = performance.now() + WITHIN_MS;
  for (;;) {
    const { counts, broken } = await client.ask("seen");
    const complete = counts[EXPECTED] ?? 0;
    if (complete === subscribers || performance.now() > endMs) {
      const others = Object.entries(counts).filter(([states]) => states !== EXPECTED);
      const due = subscribers * (STAGES.length + 1);
      const shown = (states) => STAGES.filter((status) => states.split(" ").includes(status)).length + 1;
      const missing = others.reduce((sum, [states, count]) => sum + count * (STAGES.length + 1 - shown(states)), 0);
      const wrong = others
        .filter(([states]) => !EXPECTED.startsWith(states))
        .reduce((sum, [, count]) => sum + count, 0);
      const odd = others
        .slice(0, 5)
        .map(([states, count]) => `${count} over ${transport} saw ${states}; ${broken} broke`);
      return { transport, subscribers, orders: ORDERS, due, missing, wrong, kibPerSubscriber, odd };
    }
    await pause(100);
  }
}
