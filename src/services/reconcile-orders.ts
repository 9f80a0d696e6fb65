import type { ProviderDirectory } from "../domain/directory.js";
import { type DuePolicy, pollDelayMs } from "../domain/due-policy.js";
import type { Journal } from "../domain/journal.js";
import type { CardOrder } from "../domain/order.js";
import type { DueOrder, OrderQueue, OrderStore } from "../domain/order-store.js";
import type { CardProvider } from "../domain/provider.js";
import { ProviderError } from "../domain/provider-error.js";
import { reportMove, type SendOrder } from "./send-order.js";

/** Orders taken up at a time; few, because the slowest of them holds up the others. */
const BATCH = 2;
/** Provider calls that taking up one order may need, one after the other. */
const CALLS_PER_ORDER = 4;
/** How much longer than its calls a claim holds. */
const CLAIM_MARGIN_MS = 15_000;

/** How often news of an order that is done is asked for again when the provider does not answer. */
const LATE_NEWS_ATTEMPTS = 10;

/** What {@link ReconcileOrders} works with. */
export interface ReconcileOrdersParts {
  readonly directory: ProviderDirectory;
  readonly orders: OrderStore;
  readonly queue: OrderQueue;
  readonly sendOrder: SendOrder;
  readonly journal: Journal;
  readonly policy: DuePolicy;
  /** Bound on one provider call, in milliseconds. */
  readonly timeoutMs: number;
  /** Told what kept a single order from being taken up; it is taken up again when its claim has run out. */
  readonly onError: (error: unknown) => void;
}

/**
 * Takes up orders whose time has come: reads the card that is opening or that a callback named, sends an intent that
 * never went out, calls an order that a dead process left unconfirmed, and hands to a person what has waited too long.
 * The order row is the job, so nothing is lost with a process and any number of processes may run this.
 */
export class ReconcileOrders {
  readonly #parts: ReconcileOrdersParts;

  constructor(parts: ReconcileOrdersParts) {
    this.#parts = parts;
  }

  /** Takes up what is due, once. Resolves with how many orders that were. Throws when nothing can be claimed. */
  async runOnce(): Promise<number> {
    const { queue, directory, timeoutMs, onError } = this.#parts;
    const claimMs = CALLS_PER_ORDER * timeoutMs + CLAIM_MARGIN_MS;
    const due = await queue.claimDue(directory.all, BATCH, claimMs);
    await Promise.all(due.map((one) => this.#take(one).catch(onError)));
    return due.length;
  }

  async #take(due: DueOrder): Promise<void> {
    const { order } = due;
    const { sendOrder, directory, queue } = this.#parts;
    const adapter = directory.adapterFor(order);
    if (!adapter) throw new Error("an order of another mode was claimed");
    if (order.state === "SENDING") return this.#orphaned(due);
    if (order.state === "INTENT" && !due.providerCardId && due.claimedCardIds.length === 0) {
      const sent = await sendOrder.send(order, adapter);
      if (sent?.order.state === "INTENT") await queue.reschedule(due, this.#nextPollMs(due));
      return;
    }
    const settled = await this.#readCards(due, adapter);
    if (!settled) await this.#waitOn(due);
  }

  /** Its lease ran out, so the process that was sending it is gone; what came of it is not known. */
  async #orphaned(due: DueOrder): Promise<void> {
    const { orders, queue, journal } = this.#parts;
    const applied = await orders.apply(due.order.id, { kind: "unclear" });
    reportMove(journal, applied, "lease_expired");
    const hasNews = due.providerCardId !== null || due.claimedCardIds.length > 0;
    if (applied.changed && hasNews) await queue.reschedule({ ...due, attempts: 0 }, 0);
  }

  /** Asks the provider for the order's card, or for each that a callback named. True once one is the order's. */
  async #readCards(due: DueOrder, adapter: CardProvider): Promise<boolean> {
    const known = due.providerCardId;
    for (const providerCardId of known === null ? due.claimedCardIds : [known]) {
      if (await this.#readCard(due, adapter, providerCardId)) return true;
    }
    return false;
  }

  async #readCard(due: DueOrder, adapter: CardProvider, providerCardId: string): Promise<boolean> {
    const { orders, queue, journal } = this.#parts;
    const { id, provider, request } = due.order;
    const source = due.providerCardId === null ? "callback" : "poll";
    const seen = await this.#ask(adapter, providerCardId, request.email);
    if (!seen) {
      if (source === "callback") journal.record({ event: "callback_confirmation", provider, outcome: "postponed" });
      return false;
    }
    const applied = await orders.apply(id, { kind: "card", source, card: seen });
    reportMove(journal, applied, source);
    if (applied.card?.providerCardId !== providerCardId) {
      journal.record({ event: "callback_confirmation", provider, outcome: "not_believed" });
      return false;
    }
    await queue.settleClaims(id, providerCardId);
    if (source === "callback") journal.record({ event: "callback_confirmation", provider, outcome: "settled" });
    await queue.reschedule(due, isOpening(applied.order) ? this.#nextPollMs(due) : null);
    return true;
  }

  /** The card as the provider describes it; null when it does not, which it has told the journal itself. */
  async #ask(adapter: CardProvider, providerCardId: string, email: string | null) {
    try {
      return (await adapter.readCard?.({ providerCardId, email })) ?? null;
    } catch (error) {
      if (error instanceof ProviderError) return null;
      throw error;
    }
  }

  /** Nothing new was learnt. An order that may have been spent waits on, until a person has to look. */
  async #waitOn(due: DueOrder): Promise<void> {
    const { orders, queue, journal, policy } = this.#parts;
    const { order, waitedMs } = due;
    const hasCard = due.providerCardId !== null || due.claimedCardIds.length > 0;
    if (order.state !== "UNCONFIRMED") {
      const again = hasCard && (isOpening(order) || due.attempts < LATE_NEWS_ATTEMPTS);
      return queue.reschedule(due, again ? this.#nextPollMs(due) : null);
    }
    const leftMs = policy.reviewAfterMs - waitedMs;
    if (leftMs > 0) return queue.reschedule(due, hasCard ? Math.min(leftMs, this.#nextPollMs(due)) : leftMs);
    reportMove(journal, await orders.apply(order.id, { kind: "waited_too_long" }), "waited_too_long");
  }

  #nextPollMs(due: DueOrder): number {
    return pollDelayMs(this.#parts.policy, due.attempts);
  }
}

/** Whether news of the order's card is still to be expected. */
function isOpening(order: CardOrder): boolean {
  return order.state === "ACCEPTED" || order.state === "INTENT";
}
