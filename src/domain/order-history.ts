import type { Card } from "./card-record.js";
import { lifecycleOf } from "./card-status.js";
import { publicState } from "./order.js";
import type { CardAtEvent, OrderEvent } from "./order-event.js";
import type { OrderView } from "./order-store.js";

/** Whether clients can see what an event tells of: an order that is about to be sent is PENDING before and after. */
export function isVisible({ fromState, state, sends, evidence, card }: OrderEvent): boolean {
  if (fromState === null || card?.changed) return true;
  const sendsBefore = evidence === "sending" || evidence === "resending" ? sends - 1 : sends;
  return publicState(fromState, sendsBefore) !== publicState(state, sends);
}

/**
 * An order as one of its events left it, from how it stands later. What the card's description holds only once the
 * card is issued is left out while it was still opening.
 */
export function asOf({ order, card }: OrderView, event: OrderEvent): OrderView {
  const { state, sends, reviewReason, failure, at } = event;
  const moved = event.fromState !== state;
  const updatedAt = moved || at < order.updatedAt ? at : order.updatedAt;
  const cardThen = card && event.card && cardAsOf(card, event.card, at);
  return { order: { ...order, state, sends, reviewReason, failure, updatedAt }, card: cardThen };
}

function cardAsOf(card: Card, then: CardAtEvent, at: Date): Card {
  const { changed, ...described } = then;
  const issued = lifecycleOf(then.status) === "OPENING" ? NOT_ISSUED : {};
  const statusText = then.status === card.status ? card.statusText : null;
  const updatedAt = changed || at < card.updatedAt ? at : card.updatedAt;
  return { ...card, ...described, ...issued, statusText, updatedAt };
}

const NOT_ISSUED = { bin: null, last4: null, expMonth: null, expYear: null, openedAt: null } as const;
