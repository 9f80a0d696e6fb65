import type { Actor } from "./audit.js";
import { type CardStatus, lifecycleOf } from "./card-status.js";
import type { CardContactId, OrderId } from "./ids.js";
import type { OrderState } from "./order.js";

/** An order as far as it decides whether it may be erased. */
export interface ErasableOrder {
  readonly id: OrderId;
  readonly tenant: string;
  readonly orderNo: string;
  readonly state: OrderState;
  /** Null: no card is known. */
  readonly cardStatus: CardStatus | null;
  /** Whether a callback has named a card for it that the provider was not asked about yet. */
  readonly isClaimed: boolean;
  readonly isErased: boolean;
}

/** A contact as far as it decides whether it may be erased. */
export interface ErasableContact {
  readonly id: CardContactId;
  readonly tenant: string;
  /** Whether a call to the provider is under way. */
  readonly isMoving: boolean;
  readonly isErased: boolean;
}

/**
 * Why an order keeps its personal data: `moving`, money is on its way and what settles it is asked for with them;
 * `open_card`, the card still has money on it, and its provider shows it only to who names its end user.
 */
export type ErasureHindrance = "moving" | "open_card";

/** Why an order may not be erased now; null: it may. */
export function hindranceOf(order: ErasableOrder, withOpenCards: boolean): ErasureHindrance | null {
  const { state, cardStatus, isClaimed } = order;
  // Whether it failed at all, or has another card, is still to be asked: with what would be erased.
  if (isClaimed) return "moving";
  if (state === "FAILED") return null;
  if (state !== "COMPLETED") return "moving";
  const lifecycle = cardStatus === null ? "FAILED" : lifecycleOf(cardStatus);
  return lifecycle === "CLOSED" || lifecycle === "FAILED" || withOpenCards ? null : "open_card";
}

/** A person as an operator looks for them in what is sealed. */
export interface SoughtPerson {
  /** Compared without regard to case. */
  readonly email: string | null;
  /** E.164. */
  readonly mobile: string | null;
}

/** A stretch of rows that were looked through for somebody. */
export interface SearchedStretch<Found> {
  readonly found: readonly Found[];
  /** Rows that no key opens. */
  readonly unreadable: number;
  /** Where to go on; null: there was nothing more. */
  readonly last: string | null;
}

/** Which rows to look at: of one tenant or of all, after an id, so many. */
export interface Stretch {
  readonly tenant: string | null;
  readonly after: string;
  readonly limit: number;
}

/** What was erased with an order. */
export interface ErasedOrder {
  readonly cardHolders: number;
  readonly callbacks: number;
}

/** Where personal data are erased. What was done is in the audit log in the same commit. */
export interface ErasureStore {
  ordersOfCustomer(customerId: string, stretch: Stretch): Promise<readonly ErasableOrder[]>;
  contact(id: string, tenant: string | null): Promise<ErasableContact | null>;
  searchOrders(person: SoughtPerson, stretch: Stretch): Promise<SearchedStretch<ErasableOrder>>;
  searchContacts(person: SoughtPerson, stretch: Stretch): Promise<SearchedStretch<ErasableContact>>;
  /** Erases an order under its lock, unless it may not be any more, or was before: then null. */
  eraseOrder(id: OrderId, mayErase: (order: ErasableOrder) => boolean, by: Actor): Promise<ErasedOrder | null>;
  /** Erases a contact, unless it is being sent or was erased before: then false. */
  eraseContact(id: CardContactId, by: Actor): Promise<boolean>;
}
