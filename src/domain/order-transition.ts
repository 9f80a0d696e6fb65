import type { CardSnapshot } from "./card.js";
import { judgeStatus, type KnownCardStatus, lifecycleOf } from "./card-status.js";
import type { Money } from "./money.js";
import type { OrderFailure, OrderState, ReviewReason } from "./order.js";

/** The facts of an order and its card that decide what a piece of evidence does to it. */
export interface OrderFacts {
  readonly state: OrderState;
  readonly reviewReason: ReviewReason | null;
  readonly deposit: Money;
  readonly customerId: string | null;
  /** The card that is known to belong to the order, if any. */
  readonly card: { readonly providerCardId: string; readonly knownStatus: KnownCardStatus | null } | null;
  /** True when the card that the evidence speaks of is known to be another order's. */
  readonly cardIsAnothers: boolean;
}

/** Who says that a card exists. */
export type CardSource = "answer" | "callback" | "poll";

/** Something that was learnt about an order. */
export type Evidence =
  /** The call is about to be made. */
  | { readonly kind: "sending" }
  /** No byte of the call left this machine. */
  | { readonly kind: "not_sent" }
  /** The provider definitely refused it. */
  | { readonly kind: "refused"; readonly failure: OrderFailure }
  /** The call ended without a clear answer. */
  | { readonly kind: "unclear" }
  /** Nothing was heard of it for as long as is allowed. */
  | { readonly kind: "waited_too_long" }
  /** The provider itself described the order's card, in its answer or when it was read. */
  | { readonly kind: "card"; readonly source: CardSource; readonly card: CardSnapshot };

/** What a piece of evidence does: the order's next state, and whether the card's description is taken over. */
export interface Transition {
  readonly state: OrderState;
  readonly reviewReason: ReviewReason | null;
  readonly failure: OrderFailure | null;
  /** Whether the evidence's card is to be written. */
  readonly writeCard: boolean;
}

/**
 * The one function that moves an order, whoever speaks: an answer, a poll, a callback. Pure and total.
 * Null means that the evidence changes nothing: it is late, or it is already known.
 *
 * Ranks only rise and terminal states stick. Evidence that contradicts a terminal state, or a card that does not fit
 * the order, goes to a person. Not hearing anything is never a failure.
 */
export function transition(order: OrderFacts, evidence: Evidence): Transition | null {
  switch (evidence.kind) {
    case "sending":
      return order.state === "INTENT" ? move("SENDING") : null;
    case "not_sent":
      return order.state === "SENDING" ? move("INTENT") : null;
    case "unclear":
      return order.state === "SENDING" ? move("UNCONFIRMED") : null;
    case "waited_too_long":
      return order.state === "UNCONFIRMED" ? review("NO_EVIDENCE", false) : null;
    case "refused":
      return refuse(order, evidence.failure);
    case "card":
      return order.card === null ? firstCard(order, evidence) : nextCard(order, order.card, evidence);
  }
}

function refuse(order: OrderFacts, failure: OrderFailure): Transition | null {
  switch (order.state) {
    case "SENDING":
    case "UNCONFIRMED":
      return { ...move("FAILED"), failure };
    case "NEEDS_REVIEW":
      return order.reviewReason === "NO_EVIDENCE" ? { ...move("FAILED"), failure } : null;
    case "ACCEPTED":
    case "COMPLETED":
      return review("CONTRADICTION", false);
    case "INTENT":
    case "FAILED":
      return null;
  }
}

/**
 * The first sight of a card for this order: does it fit what was ordered? A callback only claims that a card is the
 * order's, so one that does not fit is not believed; the provider's own answer that does not fit is for a person.
 */
function firstCard(order: OrderFacts, evidence: Evidence & { kind: "card" }): Transition | null {
  const { card, source } = evidence;
  if (order.state === "NEEDS_REVIEW" && order.reviewReason !== "NO_EVIDENCE") return null;
  if (order.cardIsAnothers || !fits(order, card)) {
    return source === "callback" ? null : review("CARD_MISMATCH", false);
  }
  if (order.state === "FAILED") {
    // Refused, and yet here is a card: unless that card was itself undone, somebody is wrong.
    return lifecycleOf(card.status) === "FAILED" ? null : review("CONTRADICTION", true);
  }
  return byLifecycle(card, "ACCEPTED");
}

function nextCard(
  order: OrderFacts,
  known: NonNullable<OrderFacts["card"]>,
  { card, source }: Evidence & { kind: "card" },
): Transition | null {
  if (card.providerCardId !== known.providerCardId) {
    // A second card that fits may be a second deposit. One that does not is only a callback's wrong claim.
    const unbelieved = source === "callback" && (order.cardIsAnothers || !fits(order, card));
    return unbelieved || order.state === "NEEDS_REVIEW" ? null : review("CARD_MISMATCH", false);
  }
  const verdict = judgeStatus(known.knownStatus, card.status);
  if (verdict === "late") return null;
  if (order.state === "NEEDS_REVIEW" && order.reviewReason !== "NO_EVIDENCE") {
    return verdict === "apply" ? { ...review(order.reviewReason ?? "CONTRADICTION", true) } : null;
  }
  if (verdict === "contradiction") return review("CONTRADICTION", false);
  // A status that nobody knows is neither a success nor a failure, so it does not contradict a refund.
  if (order.state === "FAILED" && card.status === "UNRECOGNIZED") return null;
  if (order.state === "FAILED" && lifecycleOf(card.status) !== "FAILED") return review("CONTRADICTION", true);
  return byLifecycle(card, order.state === "COMPLETED" ? "COMPLETED" : "ACCEPTED");
}

function byLifecycle(card: CardSnapshot, otherwise: "ACCEPTED" | "COMPLETED"): Transition {
  switch (lifecycleOf(card.status)) {
    case "ACTIVE":
    case "BLOCKED":
    case "CLOSING":
    case "CLOSED":
      return { ...move("COMPLETED"), writeCard: true };
    case "FAILED":
      return {
        ...move("FAILED"),
        failure: { code: "CARD_CREATION_FAILED", providerCode: card.providerStatus, field: null },
        writeCard: true,
      };
    case "OPENING":
    case "UNKNOWN":
      return { ...move(otherwise), writeCard: true };
  }
}

/**
 * Whether a card is the one that was ordered: the customer is ours, and the deposit is the one ordered. While a card
 * is opening or was undone, or is in a state that nobody knows, its deposit may be zero.
 * Assumed: fees are not taken out of `deposit`; guarded by the order transition tests.
 */
export function fits(order: Pick<OrderFacts, "deposit" | "customerId">, card: CardSnapshot): boolean {
  if (order.customerId !== null && card.customerId !== null && order.customerId !== card.customerId) return false;
  if (card.currency !== order.deposit.currency) return false;
  if (card.depositMinor === order.deposit.amountMinor) return true;
  const lifecycle = lifecycleOf(card.status);
  return card.depositMinor === 0 && (lifecycle === "OPENING" || lifecycle === "FAILED" || lifecycle === "UNKNOWN");
}

function move(state: OrderState): Transition {
  return { state, reviewReason: null, failure: null, writeCard: false };
}

function review(reason: ReviewReason, writeCard: boolean): Transition {
  return { state: "NEEDS_REVIEW", reviewReason: reason, failure: null, writeCard };
}
