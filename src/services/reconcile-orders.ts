import type { ProviderDirectory } from "../domain/directory.js";
import { type DuePolicy, pollDelayMs } from "../domain/due-policy.js";
import type { Journal } from "../domain/journal.js";
import type { AppliedEvidence, DueOrder, OrderQueue, OrderStore } from "../domain/order-store.js";
import type { CardProvider } from "../domain/provider.js";
import { ProviderError } from "../domain/provider-error.js";
import { reportMove, type SendOrder } from "./send-order.js";

/** Orders taken up at a time. */
const BATCH = 8;
/** How long a claim holds; longer than any one order takes. */
const CLAIM_MS = 60_000;

/** What {@link ReconcileOrders} works with. */
export interface ReconcileOrdersParts {
  readonly directory: ProviderDirectory;
  readonly orders: OrderStore;
  readonly queue: OrderQueue;
  readonly sendOrder: SendOrder;
  readonly journal: Journal;
  readonly policy: DuePolicy;
}

/**
 * Takes up orders whose time has come: reads the card that a callback named or that is still opening, sends an intent
 * that never went out, calls an order that a dead process left unconfirmed, and hands to a person what has waited too
 * long. The order row is the job, so nothing is lost with a process and any number of processes may run this.
 */
export class ReconcileOrders {
  readonly #parts: ReconcileOrdersParts;

  constructor(parts: ReconcileOrdersParts) {
    this.#parts = parts;
  }

  /** Takes up what is due, once. Resolves with how many orders that were. Throws when the database does. */
  async runOnce(): Promise<number> {
    const due = await this.#parts.queue.claimDue(BATCH, CLAIM_MS);
    const outcomes = await Promise.allSettled(due.map((one) => this.#take(one)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    return due.length;
  }

  async #take(due: DueOrder): Promise<void> {
    const { order } = due;
    const { orders, queue, journal, sendOrder, directory } = this.#parts;
    const adapter = directory.adapterFor(order);
    if (!adapter) return queue.reschedule(due, null);
    if (due.providerCardId !== null) return this.#readCard(due, due.providerCardId, adapter);
    switch (order.state) {
      case "INTENT": {
        const sent = await sendOrder.send(order, adapter);
        if (sent?.order.state === "INTENT") await queue.reschedule(due, this.#nextPollMs(due));
        return;
      }
      case "SENDING":
        // Its lease ran out, so the process that was sending it is gone; what came of it is not known.
        return reportMove(journal, await orders.apply(order.id, { kind: "unclear" }), "lease_expired");
      case "UNCONFIRMED":
        if (due.waitedMs < this.#parts.policy.reviewAfterMs) {
          return queue.reschedule(due, this.#parts.policy.reviewAfterMs - due.waitedMs);
        }
        return reportMove(journal, await orders.apply(order.id, { kind: "waited_too_long" }), "waited_too_long");
      default:
        return queue.reschedule(due, null);
    }
  }

  async #readCard(due: DueOrder, providerCardId: string, adapter: CardProvider): Promise<void> {
    const { orders, queue, journal } = this.#parts;
    const { order } = due;
    if (!adapter.readCard) return queue.reschedule(due, null);
    let applied: AppliedEvidence;
    try {
      const card = await adapter.readCard({ providerCardId, email: order.request.email });
      applied = await orders.apply(order.id, { kind: "card", source: due.claimed ? "callback" : "poll", card });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (due.claimed && error.kind === "not_found") await this.#disbelieve(due, providerCardId);
      else journal.record({ event: "callback_confirmation", provider: order.provider, outcome: "postponed" });
      return queue.reschedule(due, this.#nextPollMs(due));
    }
    reportMove(journal, applied, due.claimed ? "callback" : "poll");
    const belongs = applied.card?.providerCardId === providerCardId;
    if (!belongs) return this.#giveUpClaim(due, providerCardId);
    await queue.judgeClaim(order.id, providerCardId, true);
    if (due.claimed) journal.record({ event: "callback_confirmation", provider: order.provider, outcome: "settled" });
    const stillOpening = applied.order.state === "ACCEPTED";
    await queue.reschedule(due, stillOpening ? this.#nextPollMs(due) : null);
  }

  /** A callback named a card that does not fit the order: it changes nothing, and the order waits on. */
  async #giveUpClaim(due: DueOrder, providerCardId: string): Promise<void> {
    await this.#disbelieve(due, providerCardId);
    await this.#parts.queue.reschedule(due, this.#nextPollMs(due));
  }

  async #disbelieve(due: DueOrder, providerCardId: string): Promise<void> {
    const { queue, journal } = this.#parts;
    await queue.judgeClaim(due.order.id, providerCardId, false);
    journal.record({ event: "callback_confirmation", provider: due.order.provider, outcome: "not_believed" });
  }

  #nextPollMs(due: DueOrder): number {
    return pollDelayMs(this.#parts.policy, due.attempts);
  }
}
