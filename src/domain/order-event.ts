import type { CardStatus } from "./card-status.js";
import type { OrderId } from "./ids.js";
import type { OrderFailure, OrderState, ReviewReason } from "./order.js";

/** What made an order move, as its history tells it. */
export const ORDER_EVIDENCE = [
  "placed",
  "sending",
  "resending",
  "not_sent",
  "answer",
  "poll",
  "callback",
  "refused",
  "taken",
  "unclear",
  "waited_too_long",
  "never_sent",
  "contested",
  "settled_by_hand",
] as const;

/** One of {@link ORDER_EVIDENCE}. */
export type OrderEvidence = (typeof ORDER_EVIDENCE)[number];

/** The card of an order as an event left it. Never a number, never personal data. */
export interface CardAtEvent {
  readonly status: CardStatus;
  readonly providerStatus: string;
  readonly depositMinor: number;
  readonly consumeMinor: number;
  readonly balanceMinor: number;
  readonly currency: string;
  /** Whether this event changed the card. */
  readonly changed: boolean;
}

/** One line of an order's history: append-only, committed together with the change that it tells of. */
export interface OrderEvent {
  /** Rises along one order's history; the place to resume from. */
  readonly sequence: number;
  readonly orderId: OrderId;
  readonly evidence: OrderEvidence;
  /** Null for the first event: the order was placed. */
  readonly fromState: OrderState | null;
  readonly state: OrderState;
  /** How often the order had gone out by then. */
  readonly sends: number;
  readonly reviewReason: ReviewReason | null;
  readonly failure: OrderFailure | null;
  readonly card: CardAtEvent | null;
  /** What the operator wrote who settled it by hand. Not for clients. */
  readonly note: string | null;
  readonly at: Date;
}

/** Our id of an event, as clients and receivers know it: `evt_` and its sequence. */
export function eventIdOf(sequence: number): string {
  return `evt_${sequence}`;
}

/** A stretch of a history, oldest first. */
export interface EventPage {
  /** How many, 1 to 100. */
  readonly first: number;
  /** The `sequence` of the last event of the stretch before; null: from the beginning. */
  readonly after: number | null;
  /** Only events that changed the card. */
  readonly ofCard: boolean;
}

/** Where histories are read. They are written only together with the change that they tell of. */
export interface OrderEventStore {
  /** Up to `first + 1` events of each order, oldest first, so that the caller sees whether more follow. */
  pages(orderIds: readonly OrderId[], page: EventPage): Promise<ReadonlyMap<OrderId, readonly OrderEvent[]>>;
}
