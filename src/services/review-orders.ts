import { type AuditLog, auditedReason, OPERATOR } from "../domain/audit.js";
import type { CardSnapshot } from "../domain/card.js";
import type { Journal } from "../domain/journal.js";
import type { CardOrder } from "../domain/order.js";
import type { OrderStore, OrderView } from "../domain/order-store.js";
import { ifReadable } from "../domain/personal-data.js";
import type { CardProvider } from "../domain/provider.js";
import { ProviderError, type ProviderErrorKind } from "../domain/provider-error.js";
import type { Dossier, ReviewStore } from "../domain/review.js";
import { reportMove } from "./send-order.js";

/** What a person found: that no card came of the order, or which card did. */
export type Verdict = { readonly kind: "failed" } | { readonly kind: "card"; readonly providerCardId: string };

/** What became of settling an order by hand. */
export type Settlement =
  | { readonly kind: "settled"; readonly view: OrderView }
  /** Only an order that needs review is settled by hand. */
  | { readonly kind: "not_in_review" }
  /** The verdict contradicts what is known: the card is open, is another order's, or another card is known. */
  | { readonly kind: "contradicts" }
  /** The provider's account is not configured here, so that the card cannot be read. */
  | { readonly kind: "no_account" }
  /** The provider did not describe the card. */
  | { readonly kind: "no_answer"; readonly because: ProviderErrorKind };

/** What {@link ReviewOrders} works with. */
export interface ReviewOrdersParts {
  readonly orders: OrderStore;
  readonly review: ReviewStore;
  readonly journal: Journal;
  readonly audit: AuditLog;
  /** The adapter that an order's card is read with; null when its account is not configured here. */
  readonly adapterFor: (order: CardOrder) => CardProvider | null;
}

/** The operator's view of orders that need a person, and the one way to settle them by hand. */
export class ReviewOrders {
  readonly #parts: ReviewOrdersParts;

  constructor(parts: ReviewOrdersParts) {
    this.#parts = parts;
  }

  /** The orders that need review, longest first, up to `limit`. */
  async list(limit: number): Promise<readonly OrderView[]> {
    return this.#parts.review.inReview(limit, null);
  }

  /** Everything that is known of an order, by our id or the caller's number. */
  async show(idOrOrderNo: string): Promise<readonly Dossier[]> {
    return this.#parts.review.dossiers(idOrOrderNo);
  }

  /**
   * Settles an order that needs review. Of a card that a person names the provider is asked, and what it says is
   * written; nobody's word alone makes a card. The reason goes into the order's history, without card numbers
   * and the cardholder's name: nobody can take it out of there again.
   */
  async settle(order: CardOrder, verdict: Verdict, reason: string): Promise<Settlement> {
    const { orders, journal, audit } = this.#parts;
    if (order.state !== "NEEDS_REVIEW") return { kind: "not_in_review" };
    const card = verdict.kind === "card" ? await this.#read(order, verdict.providerCardId) : null;
    if (card && "kind" in card) return card;
    const holder = ifReadable(() => order.request.cardHolder);
    const note = auditedReason(reason, [holder?.firstName ?? null, holder?.lastName ?? null]);
    const applied = await orders.apply(order.id, { kind: "settled_by_hand", card }, note);
    reportMove(journal, applied, "settled_by_hand");
    await audit.append({
      ...{ ...OPERATOR, tenant: order.tenant, action: "settleOrder", target: order.id, reason: note, recipient: null },
      outcome: applied.changed ? `settled_${verdict.kind}` : "contradicts",
    });
    return applied.changed ? { kind: "settled", view: applied } : { kind: "contradicts" };
  }

  async #read(order: CardOrder, providerCardId: string): Promise<CardSnapshot | Settlement> {
    const adapter = this.#parts.adapterFor(order);
    if (!adapter?.readCard) return { kind: "no_account" };
    try {
      return await adapter.readCard({ providerCardId, email: order.request.email });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { kind: "no_answer", because: error.kind };
    }
  }
}
