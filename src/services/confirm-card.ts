import type { CardSnapshot } from "../domain/card.js";
import type { CardStatus } from "../domain/card-status.js";
import type { Journal } from "../domain/journal.js";
import type { CardOrder } from "../domain/order.js";
import type { AppliedEvidence, DueOrder, OrderQueue, OrderStore } from "../domain/order-store.js";
import { PersonalDataUnreadable } from "../domain/personal-data.js";
import type { CardProvider } from "../domain/provider.js";
import { ProviderError } from "../domain/provider-error.js";
import { reportMove } from "./send-order.js";

/** What cards are read and confirmed with. */
export interface ConfirmCardParts {
  readonly orders: OrderStore;
  readonly queue: OrderQueue;
  readonly journal: Journal;
}

/** An order and its card's state after the provider was asked. */
export interface ConfirmedOrder {
  readonly order: CardOrder;
  readonly cardStatus: CardStatus | null;
}

/** Asks the provider how the order's known card stands. Null when none is known, or it does not say. */
export async function readCard(
  { orders, queue, journal }: ConfirmCardParts,
  { order, providerCardId, claimedAt }: DueOrder,
  adapter: CardProvider,
): Promise<ConfirmedOrder | null> {
  if (providerCardId === null) return null;
  const seen = await askFor(journal, adapter, providerCardId, order);
  if (seen === null) return null;
  const applied = await orders.apply(order.id, { kind: "card", source: "poll", card: seen });
  reportMove(journal, applied, "poll");
  await queue.judgeClaim(order.id, providerCardId, "BELIEVED", claimedAt);
  return standing(applied);
}

/**
 * A callback named this card as the order's. The provider is asked, and only what it says is believed: the card has to
 * fit the order and must not be another's. Null when it does not say; then the claim stays open.
 */
export async function confirmClaim(
  { orders, queue, journal }: ConfirmCardParts,
  { order, claimedAt }: DueOrder,
  adapter: CardProvider,
  providerCardId: string,
): Promise<ConfirmedOrder | null> {
  const { provider } = order;
  const seen = await askFor(journal, adapter, providerCardId, order);
  if (!seen) {
    journal.record({ event: "callback_confirmation", provider, outcome: "postponed" });
    return null;
  }
  const applied = await orders.apply(order.id, { kind: "card", source: "callback", card: seen });
  reportMove(journal, applied, "callback");
  const believed = applied.card?.providerCardId === providerCardId;
  await queue.judgeClaim(order.id, providerCardId, believed ? "BELIEVED" : "NOT_BELIEVED", claimedAt);
  journal.record({ event: "callback_confirmation", provider, outcome: believed ? "settled" : "not_believed" });
  return standing(applied);
}

/**
 * The card as the provider describes it; null when it does not, or when it cannot be asked because the end user's
 * address cannot be read. The journal is told of both.
 */
async function askFor(
  journal: Journal,
  adapter: CardProvider,
  providerCardId: string,
  { id, request }: CardOrder,
): Promise<CardSnapshot | null> {
  try {
    return (await adapter.readCard?.({ providerCardId, email: request.email })) ?? null;
  } catch (error) {
    if (error instanceof ProviderError) return null;
    if (error instanceof PersonalDataUnreadable) {
      const { keyId, reason: outcome } = error;
      journal.record({ event: "personal_data_unreadable", orderId: id, keyId, outcome });
      return null;
    }
    throw error;
  }
}

function standing({ order, card }: AppliedEvidence): ConfirmedOrder {
  return { order, cardStatus: card?.status ?? null };
}
