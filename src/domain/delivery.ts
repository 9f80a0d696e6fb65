import { type CardLifecycle, type CardStatus, lifecycleOf } from "./card-status.js";
import type { CardId, OrderId } from "./ids.js";
import { type CardOrderState, type OrderFailure, type OrderState, publicState } from "./order.js";
import { eventIdOf } from "./order-event.js";
import type { ErrorCode, UserError } from "./user-error.js";

/** An event that is owed to a caller's address, claimed for one attempt. */
export interface DueDelivery {
  /** Id of the message, the same at every attempt. */
  readonly messageId: string;
  readonly orderId: OrderId;
  readonly orderNo: string;
  /** The address that the caller gave with the order. It may hold a token of the caller's: never logged. */
  readonly url: string;
  readonly event: DeliverableEvent;
  /** How often it has been tried, this time included. */
  readonly attempts: number;
  /** Names this claim among all that were ever made on the delivery. */
  readonly claim: string;
  /** When it was claimed, by the database's clock: the time of the attempt. */
  readonly claimedAt: Date;
}

/** The line of an order's history that a delivery tells of, as it was then. */
export interface DeliverableEvent {
  /** Rises along one order's history. */
  readonly sequence: number;
  readonly state: OrderState;
  /** How often the order had gone out by then. */
  readonly sends: number;
  readonly failure: OrderFailure | null;
  readonly card: { readonly id: CardId; readonly status: CardStatus } | null;
  readonly at: Date;
}

/** The only type of message there is. */
export const ORDER_UPDATED = "card_order.updated";

/** What a caller is sent: an order as one event left it. No personal data and no digit of a card. */
export interface CardOrderUpdated {
  readonly type: typeof ORDER_UPDATED;
  /** When the order changed, ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    /** The id of the event in the order's history. */
    readonly eventId: string;
    /** Rises along one order's history. */
    readonly sequence: number;
    readonly orderId: string;
    readonly orderNo: string;
    readonly state: CardOrderState;
    readonly failure: {
      readonly code: ErrorCode;
      readonly providerCode: string | null;
      readonly field: readonly string[] | null;
    } | null;
    readonly card: { readonly id: string; readonly status: CardStatus; readonly lifecycle: CardLifecycle } | null;
  };
}

/**
 * The message of a delivery. It depends on the event alone, never on what became of the order since, so it is the same
 * at every attempt.
 */
export function orderUpdated({ orderId, orderNo, event }: DueDelivery): CardOrderUpdated {
  const { failure, card } = event;
  return {
    type: ORDER_UPDATED,
    timestamp: event.at.toISOString(),
    data: {
      eventId: eventIdOf(event.sequence),
      sequence: event.sequence,
      orderId,
      orderNo,
      state: publicState(event.state, event.sends),
      failure: failure && { code: failure.code, providerCode: failure.providerCode, field: failure.field },
      card: card && { id: card.id, status: card.status, lifecycle: lifecycleOf(card.status) },
    },
  };
}

/** Why an attempt failed, in words that hold nothing of the address or the answer. */
export const DELIVERY_FAILURES = [
  "refused by status",
  "name not resolved",
  "no connection",
  "certificate not accepted",
  "deadline passed",
  "connection broken",
  "server stopped",
] as const;

/** One of {@link DELIVERY_FAILURES}. */
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

/** What came of one attempt. */
export type DeliveryOutcome =
  /** Answered with any 2xx. */
  | { readonly kind: "delivered"; readonly status: number }
  /** Answered with 410: nothing of this order is wanted there any more. */
  | { readonly kind: "gone"; readonly status: number }
  /** Nothing was sent: the address is not a public one. */
  | { readonly kind: "refused_address" }
  | { readonly kind: "failed"; readonly reason: DeliveryFailure; readonly status: number | null };

/** One attempt to hand over a message. */
export interface OutgoingMessage {
  readonly messageId: string;
  readonly url: string;
  /** Signed and sent byte for byte. */
  readonly body: string;
  /** When the attempt is made; signed with it. */
  readonly at: Date;
}

/** Carries messages to callers. */
export interface EventSender {
  /** Makes one attempt; it never throws for what the other side does. */
  send(message: OutgoingMessage): Promise<DeliveryOutcome>;
}

/** How a claim ends: for good, or with another attempt after a while. */
export type DeliveryVerdict =
  | { readonly state: "DELIVERED" | "GONE" | "REFUSED" | "GIVEN_UP" }
  | { readonly state: "PENDING"; readonly retryInMs: number };

/** Deliveries as jobs: due by the database's clock, claimed by one process at a time. */
export interface DeliveryQueue {
  /**
   * Claims the delivery that has been due longest, for `leaseMs`; null when none may go out now. Of one host at most
   * {@link MAX_UNDER_WAY_PER_HOST} are under way at a time, in all processes together, so that a slow receiver does not
   * hold up the others. An order's later event waits for an earlier one that is due.
   */
  claimNext(leaseMs: number): Promise<DueDelivery | null>;
  /**
   * Ends a claim; does nothing when it was lost meanwhile. `GONE` ends every other delivery of the order too and keeps
   * new ones from being written, in one commit.
   */
  finish(due: DueDelivery, verdict: DeliveryVerdict, outcome: DeliveryOutcome): Promise<void>;
  /** Removes up to `limit` deliveries that ended at least `olderThanMs` ago; resolves with how many. */
  prune(olderThanMs: number, limit: number): Promise<number>;
}

/** Deliveries to one host that may be under way at the same time. */
export const MAX_UNDER_WAY_PER_HOST = 2;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Delays after the first, second, ... attempt, in milliseconds: thirteen attempts in about three days. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  12 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
];

/**
 * The delay before the next attempt after `attempts` of them, give or take a tenth; null: that was the last one.
 * `random` gives a number from 0 up to but not including 1 and spreads the attempts of many deliveries.
 */
export function retryDelayMs(attempts: number, random: () => number): number | null {
  const base = RETRY_DELAYS_MS[attempts - 1];
  return base === undefined ? null : Math.round(base * (0.9 + 0.2 * random()));
}

/** What is to become of a delivery after an attempt. */
export function verdictOf(outcome: DeliveryOutcome, attempts: number, random: () => number): DeliveryVerdict {
  switch (outcome.kind) {
    case "delivered":
      return { state: "DELIVERED" };
    case "gone":
      return { state: "GONE" };
    case "refused_address":
      return { state: "REFUSED" };
    case "failed": {
      const retryInMs = retryDelayMs(attempts, random);
      return retryInMs === null ? { state: "GIVEN_UP" } : { state: "PENDING", retryInMs };
    }
  }
}

/** Whether events may be sent to an address that a caller gives with an order. */
export interface CallerAddressPolicy {
  /** Null when they may; otherwise the refusal, which names the rule. Never throws. */
  check(url: string): Promise<UserError | null>;
}
