import { FAULT_NAMES, faultOf, TWIN } from "../faults.mjs";
import { judgeWorld, settle } from "../settle.mjs";
import { storm } from "../storm.mjs";

/** How often the provider refuses every connection, and for how long. */
const OUTAGE_EVERY_MS = 7_000;
const OUTAGE_MS = 250;

/** Longer than any order waits for evidence, and than the lease of one whose process died. */
export const SETTLE_MS = 90_000;

/**
 * Many orders through every fault, judged by the provider's own count.
 * @param {import("../context.mjs").Context} context
 * @param {{ database: "postgres" | "embedded", orders: number, dedupes: boolean, naive?: boolean,
 *   attackOnAll?: string }} options
 */
export async function runMatrix(context, { database, orders, dedupes, naive = false, attackOnAll }) {
  const { seed, plan } = context;
  const name = `${naive ? "n" : attackOnAll ? "t" : "m"}${database[0]}${dedupes ? "d" : "r"}`;
  const orderNos = Array.from({ length: orders }, (_, index) => `${name}-${index}`);
  return context.withDatabase(database, async (place) => {
    const world = await context.openWorld({ database: place, dedupes, naive, attackOnAll });
    const outages = naive ? { stop: () => 0 } : startOutages(world);
    try {
      const startedMs = performance.now();
      const servers = world.servers;
      const concurrency = plan.concurrency[database];
      const sent = await storm({ seed, orderNos, concurrency, servers, onProgress: context.progress(orders, "sent") });
      const stormMs = performance.now() - startedMs;
      const outageCount = outages.stop();
      const withinMs = naive ? 5_000 : SETTLE_MS;
      const seen = await settle({ servers, orderNos, withinMs, onProgress: context.progress(orders, "settled") });
      const faults = tally(seed, sent, seen);
      const { orders: plain, COMPLETED: completed = 0 } = faults.approve;
      const isIdle = !naive && !attackOnAll && completed < plan.leastApproved * plain;
      return {
        orders,
        database,
        dedupes,
        outages: outageCount,
        requests: [...sent.values()].reduce((sum, { attempts }) => sum + attempts, 0),
        ordersPerSecond: Math.round(orders / (stormMs / 1_000)),
        crashes: world.crashes,
        forged: await world.provider.ask("attacks"),
        faults,
        ...(isIdle ? { idle: `only ${completed} of ${plain} orders without a fault were completed` } : {}),
        ...(await judgeWorld(world, sent, seen)),
      };
    } finally {
      outages.stop();
      await world.close();
    }
  });
}

/**
 * Somebody knows the address of every order, and claims for each the card of another one. No server can see through
 * that where the order's own news is lost, and claims that cross make it worse: how often an order rests on another's
 * card, and how often a person has to tell them apart, is measured here. Nothing else may happen.
 * @param {import("../context.mjs").Context} context
 * @param {{ database: "postgres" | "embedded", orders: number }} options
 */
export async function runTwins(context, { database, orders }) {
  const result = await runMatrix(context, { database, orders, dedupes: false, attackOnAll: TWIN });
  const { wrongCard, completedWithoutCard, unheardCard, doubtedCard, forgotten, ...findings } = result.findings;
  const note = [
    `${wrongCard + unheardCard} rest on another's card`,
    `${doubtedCard} show one to a person`,
    `${forgotten} wait for one beside a card of their own`,
  ].join(", ");
  return { ...result, findings, limit: { wrongCard, unheardCard, doubtedCard, forgotten }, note };
}

function startOutages(world) {
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    world.provider.ask("outage", OUTAGE_MS).catch(() => undefined);
  }, OUTAGE_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return count;
    },
  };
}

/** How the orders of each fault ended. */
function tally(seed, sent, seen) {
  const table = Object.fromEntries(FAULT_NAMES.map((name) => [name, { orders: 0 }]));
  for (const orderNo of sent.keys()) {
    const row = table[faultOf(seed, orderNo).name];
    const state = seen.get(orderNo)?.state ?? "absent";
    row.orders += 1;
    row[state] = (row[state] ?? 0) + 1;
  }
  return table;
}
