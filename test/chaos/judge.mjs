import { setTimeout as pause } from "node:timers/promises";
import { READ_BATCH, readOrders } from "./requests.mjs";

/** States that an order ends in. */
const FINAL = ["COMPLETED", "FAILED", "NEEDS_REVIEW"];
const READERS = 4;
const READ_PAUSE_MS = 400;

/**
 * What was found wrong, as numbers of orders. All of them must be 0.
 * @typedef {object} Findings
 * @property {number} duplicates More than one card at the provider for one order number.
 * @property {number} lost Acknowledged, and not in the database.
 * @property {number} failedWithCard FAILED, and a live card at the provider.
 * @property {number} completedWithoutCard COMPLETED, and no live card of that order at the provider.
 * @property {number} takenBack Acknowledged as COMPLETED or FAILED, and later the other of the two or still moving.
 * @property {number} wrongCard An order that shows a card which the provider opened for another order.
 * @property {number} stuck Still moving when the time was up.
 * @property {number} unanswered Never acknowledged, however often it was sent.
 */

/** What each finding means, in the words of the report. */
export const FINDINGS = {
  duplicates: "more than one card for an order number",
  lost: "acknowledged, and not in the database",
  failedWithCard: "FAILED, and a live card at the provider",
  completedWithoutCard: "COMPLETED, and no live card at the provider",
  takenBack: "acknowledged as done, and later something else",
  wrongCard: "shows a card that was opened for another order",
  stuck: "still moving at the end",
  unanswered: "never acknowledged",
};

/**
 * Reads all orders until each is in a final state or the time is up.
 * @param {object} options
 * @param {() => readonly string[]} options.servers
 * @param {readonly string[]} options.orderNos
 * @param {number} options.withinMs
 * @param {(settled: number) => void} [options.onProgress]
 * @returns {Promise<Map<string, { state: string, card: { providerCardId: string, status: string } | null } | null>>}
 */
export async function settle({ servers, orderNos, withinMs, onProgress = () => undefined }) {
  const seen = new Map();
  const endMs = performance.now() + withinMs;
  let open = [...orderNos];
  for (;;) {
    await readAll(servers, open, seen);
    open = open.filter((orderNo) => !FINAL.includes(seen.get(orderNo)?.state));
    onProgress(orderNos.length - open.length);
    if (open.length === 0 || performance.now() > endMs) break;
    await pause(READ_PAUSE_MS);
  }
  // Evidence that came late may have moved orders that were read first.
  await readAll(servers, orderNos, seen);
  return seen;
}

async function readAll(servers, orderNos, seen) {
  const batches = [];
  for (let from = 0; from < orderNos.length; from += READ_BATCH) batches.push(orderNos.slice(from, from + READ_BATCH));
  const reader = async (index) => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const urls = servers();
      const states = await readWithPatience(urls[index % urls.length], batch);
      for (const [at, orderNo] of batch.entries()) seen.set(orderNo, states[at]);
    }
  };
  await Promise.all(Array.from({ length: READERS }, (_, index) => reader(index)));
}

async function readWithPatience(url, batch) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOrders(url, batch);
    } catch (error) {
      if (attempt === 10) throw error;
      await pause(READ_PAUSE_MS);
    }
  }
}

/**
 * Compares what the client was told and what the server says with what the provider did.
 * @param {Map<string, import("./storm.mjs").Sent>} sent
 * @param {Awaited<ReturnType<typeof settle>>} seen
 * @param {readonly { cardId: string, orderNo: string, live: boolean }[]} cards
 * @returns {{ findings: Findings, examples: readonly string[], states: Record<string, number>, cards: number }}
 */
export function judge(sent, seen, cards) {
  const findings = Object.fromEntries(Object.keys(FINDINGS).map((name) => [name, 0]));
  const examples = [];
  const states = {};
  const ownerOf = new Map(cards.map((card) => [card.cardId, card.orderNo]));
  const byOrder = Map.groupBy(cards, ({ orderNo }) => orderNo);
  for (const { orderNo, acknowledged, refusals } of sent.values()) {
    const own = byOrder.get(orderNo) ?? [];
    const order = seen.get(orderNo) ?? null;
    const wrong = [];
    if (own.length > 1) wrong.push("duplicates");
    if (acknowledged.length === 0) wrong.push("unanswered");
    if (acknowledged.length > 0 && order === null) wrong.push("lost");
    if (order !== null) {
      const live = own.filter((card) => card.live);
      const cardId = order.card?.providerCardId ?? null;
      if (!FINAL.includes(order.state)) wrong.push("stuck");
      if (order.state === "FAILED" && live.length > 0) wrong.push("failedWithCard");
      if (order.state === "COMPLETED" && !live.some((card) => card.cardId === cardId))
        wrong.push("completedWithoutCard");
      if (cardId !== null && ownerOf.get(cardId) !== orderNo) wrong.push("wrongCard");
      if (isTakenBack(acknowledged, order.state)) wrong.push("takenBack");
      states[order.state] = (states[order.state] ?? 0) + 1;
    }
    for (const name of wrong) {
      findings[name] += 1;
      if (examples.length < 20) {
        examples.push(
          `${name}: ${orderNo} told ${acknowledged.join(",") || "nothing"} ${refusals.join(",")}, ` +
            `now ${order?.state ?? "absent"}, cards ${own.length}`,
        );
      }
    }
  }
  return { findings, examples, states, cards: cards.length };
}

/** A person may have to look at what was thought to be done; anything else would be taking a word back. */
function isTakenBack(acknowledged, now) {
  return ["COMPLETED", "FAILED"].some((told) => acknowledged.includes(told) && now !== told && now !== "NEEDS_REVIEW");
}

/** Whether nothing was found. */
export function isClean(findings) {
  return Object.values(findings).every((count) => count === 0);
}
