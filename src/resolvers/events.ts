import { lifecycleOf } from "../domain/card-status.js";
import { failureError, publicState } from "../domain/order.js";
import { type EventPage, eventIdOf, type OrderEvent } from "../domain/order-event.js";
import type { CardOrderEvidence } from "../schema/enums.js";
import type { CardEventConnectionType, CardEventType, CardOrderEventConnectionType } from "../schema/event.type.js";
import type { EventsArgs } from "../schema/events.args.js";
import { connectionOf, pageSize, readCursor } from "./cursor.js";
import { presentMoney } from "./present.js";

const SEQUENCE = /^[1-9]\d{0,14}$/;

/** The stretch of a history that a client asks for. Throws an argument error. */
export function readEventPage(args: EventsArgs, ofCard: boolean): EventPage {
  const after = args.after ? Number(readCursor(args.after, (place) => SEQUENCE.test(place))) : null;
  return { first: pageSize(args.first), after, ofCard };
}

/** An order's history in the words of the schema. */
export function presentOrderEvents(events: readonly OrderEvent[], page: EventPage): CardOrderEventConnectionType {
  return connectionOf(events, page, (event) => ({
    place: event.sequence,
    node: {
      id: eventIdOf(event.sequence),
      evidence: evidenceOf(event),
      state: publicState(event.state, event.sends),
      reviewReason: event.reviewReason,
      failure: event.failure && failureError(event.failure),
      cardStatus: event.card?.status ?? null,
      at: event.at,
    },
  }));
}

/** A card's history in the words of the schema. */
export function presentCardEvents(events: readonly OrderEvent[], page: EventPage): CardEventConnectionType {
  return connectionOf(events, page, (event) => ({
    place: event.sequence,
    node: presentCardEvent(event),
  }));
}

function presentCardEvent(event: OrderEvent): CardEventType {
  const { card, at } = event;
  if (!card) throw new Error("an event of a card has no card");
  return {
    id: eventIdOf(event.sequence),
    evidence: evidenceOf(event),
    status: card.status,
    lifecycle: lifecycleOf(card.status),
    providerStatus: card.providerStatus,
    deposit: presentMoney(card.depositMinor, card.currency),
    consume: presentMoney(card.consumeMinor, card.currency),
    balance: presentMoney(card.balanceMinor, card.currency),
    at,
  };
}

function evidenceOf({ evidence }: OrderEvent): CardOrderEvidence {
  return evidence.toUpperCase() as CardOrderEvidence;
}
