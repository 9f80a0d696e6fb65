import type { CardId, OrderId } from "./ids.js";
import type { Money } from "./money.js";
import type { ProviderCode, ProviderMode } from "./provider-code.js";
import type { ErrorCode, UserError } from "./user-error.js";
import { userError } from "./user-error.js";

/**
 * Where an order stands, as the database knows it.
 *
 * - `INTENT`: committed, provably not sent.
 * - `SENDING`: may be on its way right now; only now is reverse validation confirmed.
 * - `UNCONFIRMED`: sent, and the answer was unclear; waits for evidence.
 * - `ACCEPTED`: the provider took it and is opening the card.
 * - `COMPLETED`, `FAILED`: terminal.
 * - `NEEDS_REVIEW`: a person has to look.
 */
export const ORDER_STATES = [
  "INTENT",
  "SENDING",
  "UNCONFIRMED",
  "ACCEPTED",
  "COMPLETED",
  "FAILED",
  "NEEDS_REVIEW",
] as const;

/** One of {@link ORDER_STATES}. */
export type OrderState = (typeof ORDER_STATES)[number];

/** Where an order stands, as clients see it. */
export const CARD_ORDER_STATES = ["PENDING", "ACCEPTED", "COMPLETED", "FAILED", "UNCONFIRMED", "NEEDS_REVIEW"] as const;

/** One of {@link CARD_ORDER_STATES}. */
export type CardOrderState = (typeof CARD_ORDER_STATES)[number];

/** Why a person has to look at an order. */
export const REVIEW_REASONS = ["CONTRADICTION", "CARD_MISMATCH", "NO_EVIDENCE"] as const;

/** One of {@link REVIEW_REASONS}. */
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** An order as it stands in the database. */
export interface CardOrder {
  readonly id: OrderId;
  readonly tenant: string;
  readonly provider: ProviderCode;
  /** Whether it was placed with the real provider or with its sandbox; the one never hears of the other's orders. */
  readonly mode: ProviderMode;
  /** The caller's order number; unique within the tenant. */
  readonly orderNo: string;
  /** Hash of the canonical input; the same number with another one is a mismatch. */
  readonly fingerprint: string;
  readonly state: OrderState;
  readonly reviewReason: ReviewReason | null;
  readonly failure: OrderFailure | null;
  readonly request: OrderRequest;
  readonly callbackToken: string;
  /** How often the order has gone out, a call that is under way included. */
  readonly sends: number;
  /** Which call to the provider was the last, counted from 1; no number is used twice. 0: there was none. */
  readonly lastCall: number;
  /** Whether it may be sent again at all where the provider is known to refuse a number that it has. */
  readonly mayResend: boolean;
  /** Set once a card is known to belong to this order. */
  readonly cardId: CardId | null;
  /** Whether its personal data were erased, for good: what is read of its cardholder later is not kept. */
  readonly isErased: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * What the caller ordered, complete, so that it can be sent again to the letter. Of a stored order, reading the
 * cardholder or the address throws `PersonalDataUnreadable` when they cannot be opened; the rest can always be read.
 */
export interface OrderRequest {
  readonly cardRangeId: string;
  readonly deposit: Money;
  readonly cardHolder: { readonly firstName: string; readonly lastName: string } | null;
  /** The end user's address; already the configured one where the caller gave none. */
  readonly email: string | null;
  readonly customerId: string | null;
  /** The caller's own address for events; never the one that the provider is given. */
  readonly callbackUrl: string | null;
}

/** Why an order failed, as it is kept. The sentence is made when it is read, so it can be bettered later. */
export interface OrderFailure {
  readonly code: ErrorCode;
  readonly providerCode: string | null;
  readonly field: readonly string[] | null;
}

const PUBLIC_STATES: Readonly<Record<OrderState, CardOrderState>> = {
  INTENT: "PENDING",
  SENDING: "PENDING",
  UNCONFIRMED: "UNCONFIRMED",
  ACCEPTED: "ACCEPTED",
  COMPLETED: "COMPLETED",
  FAILED: "FAILED",
  NEEDS_REVIEW: "NEEDS_REVIEW",
};

/** The state that clients see. An order that is being sent again stays what it was: sent, and not confirmed. */
export function publicState(state: OrderState, sends: number): CardOrderState {
  return state === "SENDING" && sends > 1 ? "UNCONFIRMED" : PUBLIC_STATES[state];
}

/** The states that clients may see as this one. One that is SENDING is seen by how often it went out. */
export function statesSeenAs(seen: CardOrderState): readonly OrderState[] {
  return ORDER_STATES.filter((state) => [1, 2].some((sends) => publicState(state, sends) === seen));
}

const FAILURE_MESSAGES: Partial<Readonly<Record<ErrorCode, string>>> = {
  PROVIDER_REJECTED: "The issuer refused the order. Nothing was spent; order again under a new orderNo.",
  PROVIDER_MISCONFIGURED:
    "The issuer did not accept this server's own account or set-up, and the operator has been told. Nothing was spent; order again later under a new orderNo.",
  ISSUER_BALANCE_TOO_LOW:
    "The account that funds cards is too low for this deposit, and the operator has been told. Nothing was spent.",
  KYC_REQUIRED: "The issuer wants this end user to pass its identity check first. Nothing was spent.",
  CARD_CREATION_FAILED: "The issuer could not open the card and refunded the deposit in full.",
  PROVIDER_UNAVAILABLE:
    "The issuer could not be reached for too long, so the order was never sent. Nothing was spent; order again under a new orderNo.",
  SETTLED_BY_HAND:
    "The operator looked into the order with the issuer: no usable card came of it. Order again under a new orderNo.",
};

/** The failure as the caller is told it. Never retryable: the same order number keeps its answer. */
export function failureError(failure: OrderFailure): UserError {
  const message = failure.field
    ? `The issuer refused the order because of ${failure.field.join(".")}. Nothing was spent.`
    : (FAILURE_MESSAGES[failure.code] ?? "The order failed. Nothing was spent.");
  return userError(failure.code, message, { providerCode: failure.providerCode, field: failure.field });
}
