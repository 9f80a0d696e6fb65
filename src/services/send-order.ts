import { failureOf } from "../domain/failure.js";
import type { Journal } from "../domain/journal.js";
import type { CardOrder, OrderRequest } from "../domain/order.js";
import type { AppliedEvidence, OrderStore } from "../domain/order-store.js";
import type { Evidence } from "../domain/order-transition.js";
import type { CardProvider } from "../domain/provider.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { ProviderError } from "../domain/provider-error.js";
import { HeldAnswers, type HoldTimes } from "./held-answers.js";

/** How much longer than the provider call an order stays marked as being sent; the answer is written in that time. */
const LEASE_MARGIN_MS = 15_000;
/**
 * How long the caller waits for the answer to be written, within the lease, and how long it is held on to after that:
 * nobody else knows it, and an order whose answer is lost has to wait for other evidence. It names its call or its
 * card, so that it may come after somebody else has taken the order up.
 */
const ANSWER_TIMES: HoldTimes = { waitMs: 8_000, holdMs: 300_000 };
/** How long the end of the process waits for answers that are not written yet. */
const CLOSING_GRACE_MS = 3_000;

/** What {@link SendOrder} works with. */
export interface SendOrderParts {
  readonly orders: OrderStore;
  readonly journal: Journal;
  /** Bound on one provider call, in milliseconds. */
  readonly timeoutMs: number;
  /** Told why the provider's answer to an order could not be written, when it is given up. */
  readonly onError: (error: unknown) => void;
  /** How long answers are held on to while they cannot be written; 8 s and 5 minutes. */
  readonly answerTimes?: HoldTimes;
}

/**
 * Sends a committed order to its provider. The order is committed as SENDING before the first byte goes out and no
 * transaction is open while the provider works, because it calls us back in between. It is sent once; only where the
 * provider is known to refuse a number that it has may the very same order, under the same number, be sent again.
 */
export class SendOrder {
  readonly #parts: SendOrderParts;
  readonly #calling = new Set<string>();
  readonly #answers: HeldAnswers;
  #stopped = false;
  /** Orders between their commit as being sent and that of what came of it. */
  #open = 0;
  #onIdle: (() => void)[] = [];

  constructor(parts: SendOrderParts) {
    const { onError: onLost, answerTimes: times = ANSWER_TIMES } = parts;
    this.#parts = parts;
    this.#answers = new HeldAnswers({ times, onLost });
  }

  /** No call begins any more; resolves once those that are open have been answered and written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#open > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * Null when somebody else is sending it or has sent it, or when this process sends no more. Throws only when the
   * database does, or when the order's personal data cannot be read (`PersonalDataUnreadable`): then nothing was sent.
   */
  async send(order: CardOrder, adapter: CardProvider): Promise<AppliedEvidence | null> {
    return this.#send(order, adapter, "sending");
  }

  /** Sends an unconfirmed order again, to the letter. Null when it has been settled meanwhile, or may not be resent. */
  async resend(order: CardOrder, adapter: CardProvider): Promise<AppliedEvidence | null> {
    return mayResend(order, adapter) ? this.#send(order, adapter, "resending") : null;
  }

  async #send(order: CardOrder, adapter: CardProvider, kind: "sending" | "resending"): Promise<AppliedEvidence | null> {
    if (this.#stopped) return null;
    this.#open += 1;
    try {
      return await this.#sendOnce(order, adapter, kind);
    } finally {
      this.#open -= 1;
      if (this.#open === 0) for (const tell of this.#onIdle.splice(0)) tell();
    }
  }

  async #sendOnce(
    order: CardOrder,
    adapter: CardProvider,
    kind: "sending" | "resending",
  ): Promise<AppliedEvidence | null> {
    const { orders, journal, timeoutMs } = this.#parts;
    // What cannot be read must not be sent without it: found out before anything says that it was sent.
    readPersonal(order);
    const call = await orders.startSending(order.id, kind, timeoutMs + LEASE_MARGIN_MS);
    if (call === null) return null;
    const evidence = await this.#callProvider(order, adapter, call);
    // Evidence names the call that it is of, so that applying it twice moves an order once.
    return this.#answers.write(async () => {
      const applied = await orders.settle(order, call, evidence);
      reportMove(journal, applied, evidence.kind === "card" ? "answer" : evidence.kind);
      return applied;
    });
  }

  /** Waits a moment for answers that are not written yet. Nothing may be sent any more. */
  async close(): Promise<void> {
    await this.#answers.close(CLOSING_GRACE_MS);
  }

  /** True while this very process has the provider's answer on that order outstanding, which was committed before. */
  isCalling(provider: ProviderCode, orderNo: string): boolean {
    return this.#calling.has(keyOf(provider, orderNo));
  }

  async #callProvider(order: CardOrder, adapter: CardProvider, call: number): Promise<Evidence> {
    const key = keyOf(order.provider, order.orderNo);
    this.#calling.add(key);
    try {
      return await this.#evidenceFrom(order, adapter, call);
    } finally {
      this.#calling.delete(key);
    }
  }

  async #evidenceFrom(order: CardOrder, adapter: CardProvider, call: number): Promise<Evidence> {
    if (!adapter.createVirtualCard) return { kind: "not_sent", call };
    const { request } = order;
    try {
      const card = await adapter.createVirtualCard({
        orderNo: order.orderNo,
        cardRangeId: request.cardRangeId,
        deposit: request.deposit,
        cardHolder: request.cardHolder,
        email: request.email,
        customerId: request.customerId,
        callbackToken: order.callbackToken,
      });
      return { kind: "card", source: "answer", card };
    } catch (error) {
      return evidenceOf(error, call, adapter.refusesRepeatedOrderNo === true);
    }
  }
}

/** Throws `PersonalDataUnreadable` when an order cannot be sent because what is personal in it cannot be read. */
export function readPersonal({ request }: CardOrder): Pick<OrderRequest, "cardHolder" | "email"> {
  const { cardHolder, email } = request;
  return { cardHolder, email };
}

/** How often an order goes out at most, the first time included. */
const MAX_SENDS = 8;

/** Whether an unconfirmed order may be sent again: only where that cannot open a second card. */
export function mayResend(order: CardOrder, adapter: CardProvider): boolean {
  return adapter.refusesRepeatedOrderNo === true && order.mayResend && order.sends < MAX_SENDS;
}

function keyOf(provider: ProviderCode, orderNo: string): string {
  return `${provider} ${orderNo}`;
}

/**
 * What a failed call says about an order. Only a definite refusal is one; only a call of which no byte left is not
 * sent; everything else, an error of our own included, leaves the order unconfirmed.
 */
function evidenceOf(error: unknown, call: number, refusesRepeated: boolean): Evidence {
  if (!(error instanceof ProviderError)) return { kind: "unclear", call };
  const failure = failureOf(error);
  if (failure) return { kind: "refused", call, failure };
  if (error.kind === "conflict" && refusesRepeated) return { kind: "taken", call };
  return { kind: error.kind === "unavailable" ? "not_sent" : "unclear", call };
}

/** Tells the operator that an order moved, if it did. */
export function reportMove(journal: Journal, applied: AppliedEvidence, evidence: string): void {
  const { order, from, changed, besides } = applied;
  if (besides) reportMove(journal, besides, "contested");
  if (!changed) return;
  journal.record({ event: "order_moved", orderId: order.id, from, to: order.state, evidence });
  if (order.reviewReason) {
    journal.record({ event: "order_needs_review", orderId: order.id, reason: order.reviewReason });
  }
}
