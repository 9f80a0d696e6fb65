import { v7 as uuidv7 } from "uuid";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Id of a card order: `ord_` and a UUIDv7 without hyphens. */
export type OrderId = Branded<"OrderId">;
/** Id of a card: `card_` and a UUIDv7 without hyphens. */
export type CardId = Branded<"CardId">;
/** Id of a cardholder: `chd_` and a UUIDv7 without hyphens. */
export type CardHolderId = Branded<"CardHolderId">;
/** Id of a card contact: `cct_` and a UUIDv7 without hyphens. */
export type CardContactId = Branded<"CardContactId">;
/** Id of a stored callback: `inb_` and a UUIDv7 without hyphens. */
export type InboxId = Branded<"InboxId">;
/** Id of a message to a caller's address, the same at every attempt: `msg_` and a UUIDv7 without hyphens. */
export type MessageId = Branded<"MessageId">;

/**
 * Makes ids. They are opaque and ours, stable whatever a provider does, and rise with time,
 * so that rows of one table lie in the order in which they came.
 */
export interface IdSource {
  order(): OrderId;
  card(): CardId;
  cardHolder(): CardHolderId;
  cardContact(): CardContactId;
  inbox(): InboxId;
  message(): MessageId;
}

function newId<Id extends string>(prefix: string): Id {
  return `${prefix}_${uuidv7().replaceAll("-", "")}` as Id;
}

/** Ids from the machine's clock and its cryptographic random source. */
export const systemIds: IdSource = {
  order: () => newId<OrderId>("ord"),
  card: () => newId<CardId>("card"),
  cardHolder: () => newId<CardHolderId>("chd"),
  cardContact: () => newId<CardContactId>("cct"),
  inbox: () => newId<InboxId>("inb"),
  message: () => newId<MessageId>("msg"),
};

const SHAPES = {
  order: /^ord_[0-9a-f]{32}$/,
  card: /^card_[0-9a-f]{32}$/,
  cardHolder: /^chd_[0-9a-f]{32}$/,
  cardContact: /^cct_[0-9a-f]{32}$/,
} as const;
const LAST_MS = 0xffffffffffff;

/** Where the ids with a prefix that are made from a moment on begin: none of an earlier one is as high. */
export function firstIdAt(prefix: string, atMs: number): string {
  const withinRange = Math.trunc(Math.min(Math.max(atMs, 0), LAST_MS));
  return `${prefix}_${withinRange.toString(16).padStart(12, "0")}`;
}

/** Whether a text could be an id of an order of ours. */
export function isOrderId(text: string): text is OrderId {
  return SHAPES.order.test(text);
}

/** Whether a text could be an id of a cardholder of ours. */
export function isCardHolderId(text: string): text is CardHolderId {
  return SHAPES.cardHolder.test(text);
}

/** Whether a text could be an id of a card of ours. One that could not is not looked up. */
export function isCardId(text: string): text is CardId {
  return SHAPES.card.test(text);
}

/** Whether a text could be an id of a contact of ours. */
export function isCardContactId(text: string): text is CardContactId {
  return SHAPES.cardContact.test(text);
}
