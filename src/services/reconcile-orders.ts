import type { CardStatus } from "../domain/card-status.js";
import type { ProviderDirectory } from "../domain/directory.js";
import { type DuePolicy, nextLookMs, pollDelayMs } from "../domain/due-policy.js";
import type { Journal } from "../domain/journal.js";
import type { CardOrder } from "../domain/order.js";
import type { AppliedEvidence, DueOrder, OrderQueue, OrderStore, Pace } from "../domain/order-store.js";
import { PersonalDataUnreadable } from "../domain/personal-data.js";
import type { CardProvider } from "../domain/provider.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import { confirmClaim, readCard } from "./confirm-card.js";
import { patiently } from "./patiently.js";
import { mayResend, readPersonal, reportMove, type SendOrder } from "./send-order.js";

/** Orders taken up at a time; few, because the slowest of them holds up the others. */
const BATCH = 2;
/** Provider calls that taking up one order may need, one after the other. */
const CALLS_PER_ORDER = 5;
/** How much longer than its calls a claim holds. */
const CLAIM_MARGIN_MS = 15_000;

/** How long a claim is tried to be given back while the database is away; after that it runs out by itself. */
const GIVE_BACK_PATIENCE_MS = 10_000;

/** How often a callback about an order that no longer waits is asked about when the provider does not answer. */
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
  /** Told that more may be due than was taken up. */
  readonly onBacklog: () => void;
  /** Told what kept a single order from being taken up; it is taken up again when its claim has run out. */
  readonly onError: (error: unknown) => void;
}

/** An order as taking it up has left it so far. */
interface Standing {
  readonly order: CardOrder;
  readonly cardStatus: CardStatus | null;
  /** Whether a callback is left that the provider has neither confirmed nor denied. */
  readonly unanswered: boolean;
}

/**
 * Takes up orders whose time has come: reads the card that is opening, that is open, or that a callback named; sends an
 * intent that never went out; sends an unconfirmed order again where that is known to be safe; calls an order that a
 * dead process left unconfirmed; and hands to a person what has waited too long.
 * The order row is the job, so nothing is lost with a process and any number of processes may run this.
 */
export class ReconcileOrders {
  readonly #parts: ReconcileOrdersParts;

  constructor(parts: ReconcileOrdersParts) {
    this.#parts = parts;
  }

  /** Takes up what is due, once. Resolves with how many orders that were. Throws when nothing can be claimed. */
  async runOnce(pace: Pace): Promise<number> {
    const { queue, directory, timeoutMs, onBacklog } = this.#parts;
    const claimMs = CALLS_PER_ORDER * timeoutMs + CLAIM_MARGIN_MS;
    const due = await queue.claimDue(directory.all, pace, BATCH, claimMs);
    if (due.length === BATCH) onBacklog();
    await Promise.all(due.map((one) => this.#takeOrGiveBack(one)));
    return due.length;
  }

  /** An order that could not be finished with because the database went away is due again as soon as that is back. */
  async #takeOrGiveBack(due: DueOrder): Promise<void> {
    const { queue, onError } = this.#parts;
    try {
      await this.#take(due);
    } catch (error) {
      if (error instanceof PersonalDataUnreadable) return this.#postpone(due, error);
      onError(error);
      if (!(error instanceof StoreUnavailable)) return;
      await patiently(GIVE_BACK_PATIENCE_MS, () => queue.reschedule(due, 0)).catch(onError);
    }
  }

  /**
   * An order whose personal data cannot be read is left as it is, for when the right key is there: nothing is sent
   * without them, and nothing is called failed for want of them.
   */
  async #postpone(due: DueOrder, { keyId, reason: outcome }: PersonalDataUnreadable): Promise<void> {
    const { queue, journal, policy } = this.#parts;
    journal.record({ event: "personal_data_unreadable", orderId: due.order.id, keyId, outcome });
    await queue.reschedule(due, pollDelayMs(policy, due.attempts));
  }

  async #take(due: DueOrder): Promise<void> {
    const { order } = due;
    const adapter = this.#parts.directory.adapterFor(order);
    if (!adapter) throw new Error("an order of another mode was claimed");
    if (order.state === "SENDING") return this.#orphaned(due);
    const standing = await this.#readCards(due, adapter);
    // Whatever moves it, a call that sends it included, also says when to look at it again.
    if (standing.order.state !== order.state) return this.#leave(due, standing.unanswered);
    if (order.state === "INTENT") return this.#sendIntent(due, adapter);
    if (isWaiting(order) && due.waitedMs >= this.#parts.policy.reviewAfterMs) return this.#handOver(due, standing);
    if (order.state === "UNCONFIRMED" && mayResend(order, adapter)) {
      return this.#unlessSent(due, await this.#parts.sendOrder.resend(order, adapter));
    }
    await this.#parts.queue.reschedule(due, this.#pauseMs(due, standing));
  }

  /** Its lease ran out, so the process that was sending it is gone; what came of it is not known. */
  async #orphaned(due: DueOrder): Promise<void> {
    const { orders, queue, journal } = this.#parts;
    const applied = await orders.apply(due.order.id, { kind: "unclear", call: due.order.lastCall });
    reportMove(journal, applied, "lease_expired");
    if (applied.changed && due.claimedCardIds.length > 0) await queue.reschedule(due, 0);
  }

  /** Asks the provider for the order's card, and for each that a callback named. */
  async #readCards(due: DueOrder, adapter: CardProvider): Promise<Standing> {
    const standing = await readCard(this.#parts, due, adapter);
    let { order, cardStatus } = standing ?? { order: due.order, cardStatus: due.cardStatus };
    let unanswered = due.hasMoreClaims || (due.knownCardNamed && standing === null);
    for (const providerCardId of due.claimedCardIds) {
      const confirmed = await confirmClaim(this.#parts, due, adapter, providerCardId);
      if (confirmed) ({ order, cardStatus } = confirmed);
      else unanswered = true;
    }
    return { order, cardStatus, unanswered };
  }

  /** Ends the claim on an order that has moved: that said when to look again, but an open question waits less. */
  async #leave(due: DueOrder, unanswered: boolean): Promise<void> {
    const { queue, policy } = this.#parts;
    if (unanswered) await queue.hasten(due.order.id, pollDelayMs(policy, 0));
    await queue.reschedule(due, 0);
  }

  /** An order that could not be sent for too long is given up: it provably never went out, so nothing was spent. */
  async #sendIntent(due: DueOrder, adapter: CardProvider): Promise<void> {
    const { orders, queue, sendOrder, journal, policy } = this.#parts;
    readPersonal(due.order);
    // A claim on an order that never went out is no reason to keep it for ever: it is asked about a few times.
    if (due.claimedCardIds.length > 0 && due.attempts < LATE_NEWS_ATTEMPTS) {
      return queue.reschedule(due, pollDelayMs(policy, due.attempts));
    }
    if (due.waitedMs >= policy.reviewAfterMs) {
      return reportMove(journal, await orders.apply(due.order.id, { kind: "never_sent" }), "never_sent");
    }
    await this.#unlessSent(due, await sendOrder.send(due.order, adapter));
  }

  /** An order that was not sent, because this process is ending or another was quicker, is given back. */
  async #unlessSent(due: DueOrder, sent: AppliedEvidence | null): Promise<void> {
    if (sent === null) await this.#parts.queue.reschedule(due, pollDelayMs(this.#parts.policy, due.attempts));
  }

  async #handOver(due: DueOrder, { unanswered }: Standing): Promise<void> {
    const { orders, journal } = this.#parts;
    reportMove(journal, await orders.apply(due.order.id, { kind: "waited_too_long" }), "waited_too_long");
    await this.#leave(due, unanswered);
  }

  /** How long an order that nothing new was learnt of is left alone; null: until something happens to it. */
  #pauseMs({ order, attempts, waitedMs }: DueOrder, { cardStatus, unanswered }: Standing): number | null {
    const { policy } = this.#parts;
    const leftMs = Math.max(0, policy.reviewAfterMs - waitedMs);
    const pollMs = pollDelayMs(policy, attempts);
    if (order.state === "UNCONFIRMED") return unanswered ? Math.min(leftMs, pollMs) : leftMs;
    if (order.state === "ACCEPTED") return Math.min(leftMs, pollMs);
    // For an order in review there is no other end: what a callback said of it is asked about until it is answered.
    const soon = unanswered && (attempts < LATE_NEWS_ATTEMPTS || order.state === "NEEDS_REVIEW");
    return soon ? pollMs : nextLookMs(policy, { state: order.state, cardStatus, attempts });
  }
}

/** Whether an order waits for what settles it. */
function isWaiting(order: CardOrder): boolean {
  return order.state === "UNCONFIRMED" || order.state === "ACCEPTED";
}
