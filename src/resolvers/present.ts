import type { Card, ShownCard } from "../domain/card-record.js";
import { lifecycleOf } from "../domain/card-status.js";
import type { CardContact } from "../domain/contact.js";
import type { OrderId } from "../domain/ids.js";
import { formatMoney } from "../domain/money.js";
import { failureError, publicState } from "../domain/order.js";
import type { OrderView } from "../domain/order-store.js";
import type { CardType } from "../schema/card.type.js";
import type { CardContactType } from "../schema/card-contact.type.js";
import type { CardOrderType } from "../schema/card-order.type.js";
import type { MoneyType } from "../schema/money.type.js";

/** A card as GraphQL shows it, with the id that its field `order` is loaded by. */
export interface PresentedCard extends CardType {
  readonly orderId: OrderId;
}

/** An order as GraphQL shows it, with what its fields `card` and `events` are made of. */
export interface PresentedOrder extends CardOrderType {
  readonly orderId: OrderId;
  readonly presentedCard: PresentedCard | null;
}

/** A card in the words of the schema. */
export function presentCard(card: Card): PresentedCard {
  const { currency } = card;
  return {
    id: card.id,
    provider: card.provider,
    status: card.status,
    lifecycle: lifecycleOf(card.status),
    statusText: card.statusText,
    providerStatus: card.providerStatus,
    cardHolder: card.cardHolder,
    customerId: card.customerId,
    bin: card.bin,
    last4: card.last4,
    expMonth: card.expMonth,
    expYear: card.expYear,
    deposit: presentMoney(card.depositMinor, currency),
    consume: presentMoney(card.consumeMinor, currency),
    balance: presentMoney(card.balanceMinor, currency),
    tags: card.tags,
    providerCardId: card.providerCardId,
    providerUserId: card.providerUserId,
    cardSeqNo: card.cardSeqNo,
    openedAt: card.openedAt,
    createdAt: card.createdAt,
    updatedAt: card.updatedAt,
    orderId: card.orderId,
  };
}

/** As much of a card as was read: of what was not, nothing is asked. */
export function presentShownCard(card: ShownCard): PresentedCard {
  return presentCard(card as Card);
}

/** An order and its card in the words of the schema. */
export function presentOrder(view: OrderView): PresentedOrder {
  const { order, card } = view;
  return {
    id: order.id,
    orderNo: order.orderNo,
    provider: order.provider,
    state: publicState(order.state, order.sends),
    failure: order.failure && failureError(order.failure),
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    orderId: order.id,
    presentedCard: card && presentCard(card),
  };
}

/** A contact in the words of the schema; null while the provider has not made it. */
export function presentContact(contact: CardContact): CardContactType | null {
  if (contact.providerContactId === null) return null;
  return {
    id: contact.id,
    provider: contact.provider,
    providerContactId: contact.providerContactId,
    createdAt: contact.createdAt,
    ...contact.request,
  };
}

/** A contact that the provider has made. Throws for one that it has not. */
export function presentMadeContact(contact: CardContact): CardContactType {
  const presented = presentContact(contact);
  if (!presented) throw new Error("a contact of a list has not been made");
  return presented;
}

/** An amount in the words of the schema. */
export function presentMoney(amountMinor: number, currency: string): MoneyType {
  return new ShownMoney(amountMinor, currency);
}

/** The text is written when it is read: most lists are read without. */
class ShownMoney implements MoneyType {
  readonly amountMinor: number;
  readonly currency: string;

  constructor(amountMinor: number, currency: string) {
    this.amountMinor = amountMinor;
    this.currency = currency;
  }

  get formatted(): string {
    return formatMoney(this);
  }
}
