import { setTimeout as pause } from "node:timers/promises";
import { FINAL, isLeftInSpiteOfEvidence, judge } from "./judge.mjs";
import { READ_BATCH, readOrders, readReviewReason } from "./requests.mjs";

const READERS = 4;
const READ_PAUSE_MS = 400;
/** A card that is still looked at may yet move an order that a person was asked to look at. */
const GRACE_MS = 15_000;

/**
 * Reads all orders until each is in a final state or the time is up.
 * @param {object} options
 * @param {() => readonly string[]} options.servers
 * @param {readonly string[]} options.orderNos
 * @param {number} options.withinMs
 * @param {(settled: number) => void} [options.onProgress]
 * @returns {Promise<Map<string, { state: string, card: { providerCardId: string, status: string } | null,
 *   reads: string[] } | null>>}
 *   The last reading of each; `reads` has every state that was read, in order, repetitions left out.
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
      for (const [at, orderNo] of batch.entries()) seen.set(orderNo, withReads(states[at], seen.get(orderNo)));
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

/** An order that was there and is gone keeps nothing: that it is lost says enough. */
function withReads(order, before) {
  if (order === null) return null;
  const reads = before?.reads ?? [];
  return { ...order, reads: reads.at(-1) === order.state ? reads : [...reads, order.state] };
}

/**
 * Judges a world whose orders have settled. Why a person has to look is asked only of orders that need not have waited.
 * @param {import("./world.mjs").World} world
 * @param {Map<string, import("./storm.mjs").Sent>} sent
 * @param {Awaited<ReturnType<typeof settle>>} seen
 */
export async function judgeWorld({ servers, provider }, sent, seen) {
  const endMs = performance.now() + GRACE_MS;
  for (;;) {
    const cards = await provider.ask("judge");
    const byOrder = Map.groupBy(cards, ({ orderNo }) => orderNo);
    const left = [...sent.values()].filter((entry) =>
      isLeftInSpiteOfEvidence(entry, seen.get(entry.orderNo), byOrder.get(entry.orderNo) ?? []),
    );
    for (const { orderNo } of left) {
      seen.get(orderNo).reviewReason = await readReviewReason(servers()[0], orderNo);
    }
    const forgotten = left.filter(({ orderNo }) => seen.get(orderNo).reviewReason === "NO_EVIDENCE");
    if (forgotten.length === 0 || performance.now() > endMs) return judge(sent, seen, cards);
    await pause(READ_PAUSE_MS);
    await readAll(
      servers,
      forgotten.map(({ orderNo }) => orderNo),
      seen,
    );
  }
}
