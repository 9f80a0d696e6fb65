import { setTimeout as pause } from "node:timers/promises";
import { inputOf } from "./faults.mjs";
import { placeOrder } from "./requests.mjs";
import { chanceOf } from "./seeded.mjs";

/**
 * What the client knows of one order.
 * @typedef {object} Sent
 * @property {string} orderNo
 * @property {string[]} acknowledged Every state that an answer named, in the order of the answers.
 * @property {number} attempts Requests that were sent.
 * @property {string[]} refusals Codes of answers without an order.
 * @property {boolean} [namedCard] Whether an answer showed a card.
 * @property {{ forGood: boolean, askedAtMs: number }[]} [comforts] Answers that say that nothing was spent or sent:
 *   whether that is the last word, and when was asked, in milliseconds since 1970.
 */

/** How long the client goes on with one order that nobody acknowledges. */
const GIVE_UP_MS = 90_000;
const REQUEST_TIMEOUT_MS = 5_000;
const BETWEEN_ATTEMPTS_MS = 150;
const NOTHING_DONE = /nothing was (spent|sent)/i;
/** A server that has just started is slow at first; the storm rises by one order under way in so many milliseconds. */
const RISE_MS = 60;

/**
 * Sends orders as a careful client does: many at a time, and on an error, a time-out or a server that is gone the same
 * order number again until there is an answer with an order.
 * @param {object} options
 * @param {string | number} options.seed
 * @param {readonly string[]} options.orderNos
 * @param {number} options.concurrency
 * @param {() => readonly string[]} options.servers Addresses, as they are now.
 * @param {number} [options.copies] How often each order is sent at once, each copy to another server (1).
 * @param {number} [options.doublePercent] Orders in a hundred that are sent twice at once although copies is 1 (5).
 * @param {(done: number) => void} [options.onProgress]
 * @param {AbortSignal} [options.signal] No order is begun any more; those under way are sent on.
 * @returns {Promise<Map<string, Sent>>}
 */
export async function storm({
  seed,
  orderNos,
  concurrency,
  servers,
  copies = 1,
  doublePercent = 5,
  onProgress = () => undefined,
  signal,
  sent = new Map(),
}) {
  const queue = [...orderNos];
  let done = 0;
  const lane = async (index) => {
    await pause(index * RISE_MS);
    for (let orderNo = queue.shift(); orderNo !== undefined && !signal?.aborted; orderNo = queue.shift()) {
      const entry = { orderNo, acknowledged: [], attempts: 0, refusals: [] };
      sent.set(orderNo, entry);
      const chance = chanceOf(seed, `client ${orderNo}`);
      const times = copies > 1 ? copies : chance.integer(1, 100) <= doublePercent ? 2 : 1;
      const first = chance.integer(0, 1_000);
      const all = Array.from({ length: times }, (_, copy) => insist(seed, entry, servers, first + copy));
      await Promise.all(all);
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, (_, index) => lane(index)));
  return sent;
}

/** Sends one order until it is acknowledged. */
export async function insist(seed, entry, servers, first) {
  const input = inputOf(seed, entry.orderNo);
  const endMs = performance.now() + GIVE_UP_MS;
  for (let turn = first; performance.now() < endMs; turn += 1) {
    const urls = servers();
    entry.attempts += 1;
    const askedAtMs = Date.now();
    const answer = await placeOrder(urls[turn % urls.length], input, REQUEST_TIMEOUT_MS).catch(() => null);
    const payload = answer?.json?.data?.createVirtualCard;
    const errors = payload?.userErrors ?? [];
    if (payload?.order) entry.acknowledged.push(payload.order.state);
    else if (errors.length > 0) entry.refusals.push(errors[0].code);
    if (payload?.order?.card) entry.namedCard = true;
    const comforts = errors.filter(({ message }) => NOTHING_DONE.test(message));
    if (comforts.length > 0) {
      const told = comforts.map(({ retryable }) => ({ forGood: !retryable, askedAtMs }));
      entry.comforts = [...(entry.comforts ?? []), ...told];
    }
    if (payload?.order && !errors.some(({ retryable }) => retryable)) return;
    if (!payload?.order && errors.some(({ retryable }) => !retryable)) return;
    await pause(BETWEEN_ATTEMPTS_MS);
  }
}
