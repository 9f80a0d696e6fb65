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
  /** How often the order has gone out, a call that is under way included and one that provably did not left out. */
  readonly sends: number;
  /** Which call was the last, counted from 1, those that provably did not go out included; no number is used twice. */
  readonly lastCall: number;
  /** The card that is known to belong to the order, if any. */
  readonly card: { readonly providerCardId: string; readonly knownStatus: KnownCardStatus | null } | null;
  /** True when the card that the evidence speaks of is known to be another order's. */
  readonly cardIsAnothers: boolean;
}

/** Who says that a card exists. */
export type CardSource = "answer" | "callback" | "poll";

/** Something that was learnt about an order. `call` says of which call, counted from 1. */
export type Evidence =
  /** The call is about to be made, for the first time. */
  | { readonly kind: "sending" }
  /** The same call is about to be made again: the provider is known to refuse a number that it has. */
  | { readonly kind: "resending" }
  /** No byte of the call left this machine. */
  | { readonly kind: "not_sent"; readonly call: number }
  /** The provider definitely refused the call. */
  | { readonly kind: "refused"; readonly call: number; readonly failure: OrderFailure }
  /** The provider, known to refuse a number that it has, refused this one for that. */
  | { readonly kind: "taken"; readonly call: number }
  /** The call ended without a clear answer. */
  | { readonly kind: "unclear"; readonly call: number }
  /** Nothing that settles it was heard for as long as is allowed. */
  | { readonly kind: "waited_too_long" }
  /** It could not be sent for as long as is allowed. */
  | { readonly kind: "never_sent" }
  /** The provider itself described the order's card, in its answer or when it was read. */
  | { readonly kind: "card"; readonly source: CardSource; readonly card: CardSnapshot }
  /** Another order has as good a claim to this one's card, which only a callback had named as this one's. */
  | { readonly kind: "contested" }
  /** A person looked and found that no card came of it, or which one did, as the provider describes it. */
  | { readonly kind: "settled_by_hand"; readonly card: CardSnapshot | null };

/** What a piece of evidence does: the order's next state, and whether the card's description is taken over. */
export interface Transition {
  readonly state: OrderState;
  readonly reviewReason: ReviewReason | null;
  readonly failure: OrderFailure | null;
  /** Whether the evidence's card is to be written. */
  readonly writeCard: boolean;
  /** Whether the call turned out not to have been made, so that it no longer counts among the sends. */
  readonly unsent: boolean;
  /** Whether the order must not be sent again, whatever the provider is known to do. */
  readonly lastSend: boolean;
}

/**
 * The one function that moves an order, whoever speaks: an answer, a poll, a callback, a person. Pure and total.
 * Null means that the evidence changes nothing: it is late, or it is already known.
 *
 * Ranks only rise and terminal states stick. Evidence that contradicts a terminal state, or a card that does not fit
 * the order, goes to a person. Not hearing anything is never a failure, and once an order has gone out twice a refusal
 * of one call says nothing of the other.
 */
export function transition(order: OrderFacts, evidence: Evidence): Transition | null {
  switch (evidence.kind) {
    case "sending":
      return order.state === "INTENT" ? move("SENDING") : null;
    case "resending":
      return order.state === "UNCONFIRMED" ? move("SENDING") : null;
    case "not_sent":
      return isUnderWay(order, evidence.call) ? unsent(order) : null;
    case "unclear":
      return isUnderWay(order, evidence.call) ? move("UNCONFIRMED") : null;
    case "taken":
      return taken(order, evidence.call);
    case "refused":
      return order.sends > 1 ? refuseOneOfMany(order, evidence.call) : refuse(order, evidence.failure);
    case "waited_too_long":
      return order.state === "UNCONFIRMED" || order.state === "ACCEPTED" ? review("NO_EVIDENCE") : null;
    case "never_sent":
      return order.state === "INTENT" ? { ...move("FAILED"), failure: NEVER_SENT } : null;
    case "card":
      return order.card === null ? firstCard(order, evidence) : nextCard(order, order.card, evidence);
    case "contested":
      return order.card === null || isForAPerson(order) ? null : review("CARD_MISMATCH", false);
    case "settled_by_hand":
      return order.state === "NEEDS_REVIEW" ? settleByHand(order, evidence.card) : null;
  }
}

/** Whether only a person may still settle the order. */
function isForAPerson({ state, reviewReason }: OrderFacts): boolean {
  return state === "NEEDS_REVIEW" && reviewReason !== "NO_EVIDENCE";
}

const NEVER_SENT: OrderFailure = { code: "PROVIDER_UNAVAILABLE", providerCode: null, field: null };
const SETTLED_BY_HAND: OrderFailure = { code: "SETTLED_BY_HAND", providerCode: null, field: null };

/** Whether the call that the evidence speaks of is the one that the order waits for. */
function isUnderWay(order: OrderFacts, call: number): boolean {
  return order.state === "SENDING" && order.lastCall === call;
}

/** A first call that never left makes the order an intent again; a repeated one leaves open what came of the first. */
function unsent(order: OrderFacts): Transition {
  return { ...move(order.sends > 1 ? "UNCONFIRMED" : "INTENT"), unsent: true };
}

/**
 * The provider has an order of that number. If it went out before, that was the one: taken, and its card will be
 * named. If it never did, the number is somebody else's: nothing more is known, and asking again would prove nothing.
 */
function taken(order: OrderFacts, call: number): Transition | null {
  if (order.sends > 1) {
    return order.state === "SENDING" || order.state === "UNCONFIRMED" ? move("ACCEPTED") : null;
  }
  return isUnderWay(order, call) ? { ...move("UNCONFIRMED"), lastSend: true } : null;
}

/** Of several calls one was refused: for want of money, say, which the one before has taken. That settles nothing. */
function refuseOneOfMany(order: OrderFacts, call: number): Transition | null {
  return isUnderWay(order, call) ? move("UNCONFIRMED") : null;
}

function refuse(order: OrderFacts, failure: OrderFailure): Transition | null {
  switch (order.state) {
    case "SENDING":
    case "UNCONFIRMED":
      return { ...move("FAILED"), failure };
    case "NEEDS_REVIEW":
      if (order.reviewReason !== "NO_EVIDENCE") return null;
      return order.card === null ? { ...move("FAILED"), failure } : review("CONTRADICTION");
    case "ACCEPTED":
    case "COMPLETED":
      return review("CONTRADICTION");
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
  if (isForAPerson(order)) return null;
  if (order.cardIsAnothers || !fits(order, card)) {
    return source === "callback" ? null : review("CARD_MISMATCH");
  }
  if (order.state === "FAILED") {
    // Refused, and yet here is a card: unless that card was itself undone, somebody is wrong.
    return lifecycleOf(card.status) === "FAILED" ? null : review("CONTRADICTION", true);
  }
  // An undone card that is bare of its deposit fits any order, so a callback's word for it is not enough.
  const bare = card.depositMinor !== order.deposit.amountMinor;
  if (source === "callback" && bare && lifecycleOf(card.status) === "FAILED") return null;
  return byLifecycle(card, order.state === "NEEDS_REVIEW" ? review("NO_EVIDENCE") : move("ACCEPTED"));
}

function nextCard(
  order: OrderFacts,
  known: NonNullable<OrderFacts["card"]>,
  { card, source }: Evidence & { kind: "card" },
): Transition | null {
  if (card.providerCardId !== known.providerCardId) {
    // A second card that fits may be a second deposit. One that does not is only a callback's wrong claim.
    const unbelieved = source === "callback" && (order.cardIsAnothers || !fits(order, card));
    return unbelieved || order.state === "NEEDS_REVIEW" ? null : review("CARD_MISMATCH");
  }
  const verdict = judgeStatus(known.knownStatus, card.status);
  if (verdict === "late") return null;
  // Only a person fails an order whose card is closed, and knew that it had been open.
  if (order.state === "FAILED" && known.knownStatus && lifecycleOf(known.knownStatus) === "CLOSED") return null;
  if (order.reviewReason !== null && order.reviewReason !== "NO_EVIDENCE") {
    return verdict === "apply" ? review(order.reviewReason, true) : null;
  }
  if (verdict === "contradiction") return review("CONTRADICTION");
  // A status that nobody knows is neither a success nor a failure, so it does not contradict a refund.
  if (order.state === "FAILED" && card.status === "UNRECOGNIZED") return null;
  if (order.state === "FAILED" && lifecycleOf(card.status) !== "FAILED") return review("CONTRADICTION", true);
  // Its first description may have been bare of what tells whether it fits, so nothing is settled before it does.
  const isSettled = order.state === "COMPLETED" || order.state === "FAILED";
  if (!isSettled && !fits(order, card)) return review("CARD_MISMATCH", true);
  if (order.state === "NEEDS_REVIEW") return byLifecycle(card, review("NO_EVIDENCE"));
  return byLifecycle(card, move(order.state === "COMPLETED" ? "COMPLETED" : "ACCEPTED"));
}

/** What a person found. An open card stays the order's: nobody can deny it or put another one in its place. */
function settleByHand(order: OrderFacts, card: CardSnapshot | null): Transition | null {
  const known = order.card;
  if (card === null) {
    const lifecycle = known?.knownStatus ? lifecycleOf(known.knownStatus) : null;
    const gone = known === null || lifecycle === "FAILED" || lifecycle === "CLOSED";
    return gone ? { ...move("FAILED"), failure: SETTLED_BY_HAND } : null;
  }
  if (order.cardIsAnothers || (known !== null && known.providerCardId !== card.providerCardId)) return null;
  if (known !== null && judgeStatus(known.knownStatus, card.status) === "late") return null;
  return byLifecycle(card, move("ACCEPTED"));
}

/** Where a card's state takes its order; `otherwise` while it is opening or in a state that nobody knows. */
function byLifecycle(card: CardSnapshot, otherwise: Transition): Transition {
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
      return { ...otherwise, writeCard: true };
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
  return { state, reviewReason: null, failure: null, writeCard: false, unsent: false, lastSend: false };
}

function review(reason: ReviewReason, writeCard = false): Transition {
  return { ...move("NEEDS_REVIEW"), reviewReason: reason, writeCard };
}
