import type { CardSnapshot } from "../../src/domain/card.js";
import { type CardStatus, judgeStatus, type KnownCardStatus } from "../../src/domain/card-status.js";
import type { OrderFailure } from "../../src/domain/order.js";
import { type CardSource, type Evidence, type OrderFacts, transition } from "../../src/domain/order-transition.js";

/** What was ordered in these tests. */
export const DEPOSIT = { amountMinor: 1_000, currency: "USD" } as const;
export const CUSTOMER = "customer-1";
export const OWN_CARD = "prv-own";
export const REFUSAL: OrderFailure = { code: "PROVIDER_REJECTED", providerCode: "300002", field: null };

/** A card as a provider describes it; one that fits the order unless told otherwise. */
export function snapshot(parts: Partial<CardSnapshot> = {}): CardSnapshot {
  return {
    providerCardId: OWN_CARD,
    providerUserId: null,
    cardSeqNo: null,
    customerId: CUSTOMER,
    status: "INIT",
    providerStatus: parts.status ?? "INIT",
    statusText: null,
    cardHolder: {
      providerCardHolderId: null,
      firstName: null,
      lastName: null,
      holderName: null,
      street: null,
      city: null,
      state: null,
      country: null,
      zipCode: null,
    },
    bin: null,
    last4: null,
    expMonth: null,
    expYear: null,
    depositMinor: DEPOSIT.amountMinor,
    consumeMinor: 0,
    balanceMinor: 0,
    currency: DEPOSIT.currency,
    tags: [],
    openedAt: null,
    ...parts,
  };
}

/** The facts of an order that has just been committed, or of one in another situation. */
export function facts(parts: Partial<OrderFacts> = {}): OrderFacts {
  return {
    state: "INTENT",
    reviewReason: null,
    deposit: DEPOSIT,
    customerId: CUSTOMER,
    sends: (parts.state ?? "INTENT") === "INTENT" ? 0 : 1,
    lastCall: parts.sends ?? ((parts.state ?? "INTENT") === "INTENT" ? 0 : 1),
    card: null,
    cardIsAnothers: false,
    ...parts,
  };
}

/** The order's own card, last seen with a status that our list names, or with none such. */
export function known(knownStatus: KnownCardStatus | null): NonNullable<OrderFacts["card"]> {
  return { providerCardId: OWN_CARD, knownStatus };
}

/** The provider's description of a card, as a piece of evidence. */
export function seen(source: CardSource, status: CardStatus, parts: Partial<CardSnapshot> = {}): Evidence {
  return { kind: "card", source, card: snapshot({ status, ...parts }) };
}

/** The facts after a piece of evidence, as whoever keeps orders has to write them. */
export function follow(order: OrderFacts, evidence: Evidence): OrderFacts {
  const next = transition(order, evidence);
  if (!next) return order;
  const { state, reviewReason } = next;
  const sent = evidence.kind === "sending" || evidence.kind === "resending" ? 1 : 0;
  const sends = order.sends + sent - (next.unsent ? 1 : 0);
  const after = { ...order, state, reviewReason, sends, lastCall: order.lastCall + sent };
  const card = "card" in evidence ? evidence.card : null;
  if (!next.writeCard || !card) return after;
  const knownStatus = card.status === "UNRECOGNIZED" ? (order.card?.knownStatus ?? null) : card.status;
  return { ...after, card: { providerCardId: card.providerCardId, knownStatus } };
}

/** Whether a status would be late news for the order's card. */
export function isLate(order: OrderFacts, status: CardStatus): boolean {
  return order.card !== null && judgeStatus(order.card.knownStatus, status) === "late";
}
