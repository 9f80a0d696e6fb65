import { isDeepStrictEqual } from "node:util";
import { type Kysely, sql } from "kysely";
import type { CardHolderSnapshot, CardSnapshot } from "../domain/card.js";
import type { Card } from "../domain/card-record.js";
import type { IdSource } from "../domain/ids.js";
import type { CardOrder } from "../domain/order.js";
import { type Parameters, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

const HOLDER_VALUES = {
  provider_card_holder_id: param("providerCardHolderId"),
  first_name: param("firstName"),
  last_name: param("lastName"),
  holder_name: param("holderName"),
  street: param("street"),
  city: param("city"),
  state: param("state"),
  country: param("country"),
  zip_code: param("zipCode"),
};

const CARD_VALUES = {
  provider_user_id: param("providerUserId"),
  card_seq_no: param("cardSeqNo"),
  customer_id: param("customerId"),
  status: param("status"),
  known_status: param("knownStatus"),
  provider_status: param("providerStatus"),
  status_text: param("statusText"),
  bin: param("bin"),
  last4: param("last4"),
  exp_month: param("expMonth"),
  exp_year: param("expYear"),
  deposit_minor: param("depositMinor"),
  consume_minor: param("consumeMinor"),
  balance_minor: param("balanceMinor"),
  currency: param("currency"),
  tags: param("tags"),
  opened_at: param("openedAt"),
};

/** A new row of `card_holders`, by the names of the values that {@link describeCard} gives. */
export const NEW_HOLDER = { id: param("holderId"), tenant: param("tenant"), ...HOLDER_VALUES };

/** A new row of `cards`, by the same names. */
export const NEW_CARD = {
  id: param("cardId"),
  tenant: param("tenant"),
  provider: param("provider"),
  order_id: param("orderId"),
  card_holder_id: param("holderId"),
  provider_card_id: param("providerCardId"),
  ...CARD_VALUES,
};

interface Written {
  readonly created_at: Date;
  readonly updated_at: Date;
}

const INSERT = new Statement<Written>((db) =>
  db
    .with("holder", (with_) => with_.insertInto("card_holders").values(NEW_HOLDER))
    .insertInto("cards")
    .values(NEW_CARD)
    .returning(["created_at", "updated_at"]),
);

const UPDATE = new Statement<Written>((db) =>
  db
    .with("holder", (with_) => with_.updateTable("card_holders").set(HOLDER_VALUES).where("id", "=", param("holderId")))
    .updateTable("cards")
    .set({ ...CARD_VALUES, updated_at: sql`now()` })
    .where("id", "=", param("cardId"))
    .returning(["created_at", "updated_at"]),
);

/** A card after it was looked at, and whether that taught anything new. */
export interface WrittenCard {
  readonly card: Card | null;
  readonly changed: boolean;
}

/** A card that is known, with the status that decides what is late news. */
type KnownCard = Card & { readonly knownStatus?: unknown };

/** A card as it is after it was looked at, but for its times, and the same as values of a statement. */
export interface DescribedCard {
  readonly card: Omit<Card, "createdAt" | "updatedAt">;
  readonly values: Parameters;
}

/**
 * What the provider said of an order's card, and what was known of it; null when it said nothing new.
 * What is already known is never replaced by nothing: a null in a later description keeps the earlier value.
 */
export function describeCard(
  ids: IdSource,
  order: CardOrder,
  known: KnownCard | null,
  seen: CardSnapshot,
): DescribedCard | null {
  const { cardHolder: seenHolder, ...seenCard } = seen;
  const earlier: Partial<Card> = known ?? {};
  const card = keepKnown(seenCard, earlier);
  const holder = keepKnown<CardHolderSnapshot>(seenHolder, earlier.cardHolder ?? {});
  if (known && saysNothingNew(card, earlier) && saysNothingNew(holder, known.cardHolder)) return null;
  const id = known?.id ?? ids.card();
  const identity = { tenant: order.tenant, provider: order.provider, orderId: order.id };
  const holderId = known?.cardHolder.id ?? ids.cardHolder();
  const knownStatus = seen.status === "UNRECOGNIZED" ? ((known?.knownStatus as string | null) ?? null) : seen.status;
  return {
    card: { ...card, ...identity, id, cardHolder: { ...holder, id: holderId } },
    values: { ...holder, ...card, ...identity, cardId: id, holderId, knownStatus },
  };
}

/** Writes what the provider said of an order's card, inside the transaction that moves the order, if it is news. */
export async function writeCard(
  trx: Kysely<Tables>,
  ids: IdSource,
  order: CardOrder,
  known: KnownCard | null,
  seen: CardSnapshot,
): Promise<WrittenCard> {
  const described = describeCard(ids, order, known, seen);
  if (!described) return { card: known, changed: false };
  const { card, values } = described;
  const written = await (known ? UPDATE : INSERT).first(trx, values);
  // Stryker disable next-line all: its order's row is locked, so it is there
  if (!written) throw new Error("card vanished under its order's lock");
  return { card: { ...card, createdAt: written.created_at, updatedAt: written.updated_at }, changed: true };
}

function saysNothingNew<Description extends object>(seen: Description, known: Partial<Description>): boolean {
  return (Object.keys(seen) as (keyof Description)[]).every((name) => isDeepStrictEqual(seen[name], known[name]));
}

function keepKnown<Description extends object>(seen: Description, known: Partial<Description>): Description {
  const kept = (Object.keys(seen) as (keyof Description)[]).map((name) => [name, seen[name] ?? known[name] ?? null]);
  return Object.fromEntries(kept) as Description;
}
