import { type DeliveryQueue, type EventSender, orderUpdated, verdictOf } from "../domain/delivery.js";
import type { Journal } from "../domain/journal.js";

/** How long a delivery that has ended is kept. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** How often old ones are removed, and how many at a time: other statements run in between. */
const PRUNE_EVERY_MS = 600_000;
const PRUNE_BATCH = 500;
/** How much longer than an attempt a claim holds; its outcome is written in that time. */
const CLAIM_MARGIN_MS = 15_000;

/** What {@link DeliverEvents} works with. */
export interface DeliverEventsParts {
  readonly queue: DeliveryQueue;
  readonly sender: EventSender;
  readonly journal: Journal;
  /** Bound on one attempt, in milliseconds. */
  readonly deadlineMs: number;
  /** A number from 0 up to but not including 1; spreads the attempts of many deliveries. */
  readonly random: () => number;
}

/**
 * Carries events to the addresses that callers gave with their orders. The row is the job, so nothing is lost with a
 * process and any number of processes may run this; an attempt whose process died is made again under the same id.
 */
export class DeliverEvents {
  readonly #parts: DeliverEventsParts;
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: DeliverEventsParts) {
    this.#parts = parts;
  }

  /** Makes one attempt, if one is due. Resolves with how many that were. Throws only when the database does. */
  async runOnce(): Promise<number> {
    const { queue, sender, deadlineMs, random } = this.#parts;
    await this.#pruneNowAndThen();
    const due = await queue.claimNext(deadlineMs + CLAIM_MARGIN_MS);
    if (!due) return 0;
    const { messageId, url, attempts, orderId, claimedAt: at } = due;
    const outcome = await sender.send({ messageId, url, body: JSON.stringify(orderUpdated(due)), at });
    const verdict = verdictOf(outcome, attempts, random);
    await queue.finish(due, verdict, outcome);
    this.#parts.journal.record({
      event: "event_delivery",
      orderId,
      outcome: verdict.state === "GIVEN_UP" ? "given_up" : outcome.kind,
      attempts,
      ...(outcome.kind === "failed" ? { reason: outcome.reason, status: outcome.status } : {}),
    });
    return 1;
  }

  async #pruneNowAndThen(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#prunedAtMs < PRUNE_EVERY_MS) return;
    this.#prunedAtMs = nowMs;
    const pruned = await this.#parts.queue.prune(KEPT_MS, PRUNE_BATCH);
    // A full batch means that there is more: the next turn goes on with it.
    if (pruned === PRUNE_BATCH) this.#prunedAtMs = Number.NEGATIVE_INFINITY;
  }
}
