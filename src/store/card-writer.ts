import { isDeepStrictEqual } from "node:util";
import { type Kysely, sql } from "kysely";
import type { CardHolderSnapshot, CardSnapshot } from "../domain/card.js";
import type { Card } from "../domain/card-record.js";
import type { IdSource } from "../domain/ids.js";
import type { CardOrder } from "../domain/order.js";
import { PersonalDataUnreadable, type PersonalDataVault } from "../domain/personal-data.js";
import { FORMER_COLUMNS } from "./personal.js";
import { type Parameters, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

const HOLDER_VALUES = { provider_card_holder_id: param("providerCardHolderId"), personal: param("personal") };

/** Where the personal data of a row of before stood in clear: what is written takes their place. */
const NOTHING_FORMER = Object.fromEntries(FORMER_COLUMNS.card_holders.map((column) => [column, null]));

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

const UPDATE_CARD = new Statement<Written>((db) =>
  db
    .updateTable("cards")
    .set({ ...CARD_VALUES, updated_at: sql`now()` })
    .where("id", "=", param("cardId"))
    .returning(["created_at", "updated_at"]),
);

const UPDATE = new Statement<Written>((db) =>
  db
    .with("holder", (with_) =>
      with_
        .updateTable("card_holders")
        .set({ ...HOLDER_VALUES, ...NOTHING_FORMER })
        .where("id", "=", param("holderId")),
    )
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

/** What cards are written with. */
export interface CardWriterParts {
  readonly ids: IdSource;
  readonly vault: PersonalDataVault;
}

/** A card that is known, with the status that decides what is late news. */
type KnownCard = Card & { readonly knownStatus?: unknown };

/** A card as it is after it was looked at, but for its times, and the same as values of a statement. */
export interface DescribedCard {
  readonly card: Omit<Card, "createdAt" | "updatedAt">;
  readonly values: Parameters;
  /** Whether the cardholder stays as it is. */
  readonly holderIsOld: boolean;
}

/**
 * What the provider said of an order's card, and what was known of it; null when it said nothing new.
 * What is already known is never replaced by nothing: a null in a later description keeps the earlier value. Nothing
 * personal comes back to an order whose data were erased, and a cardholder that cannot be opened stays as it is.
 */
export function describeCard(
  { ids, vault }: CardWriterParts,
  order: CardOrder,
  known: KnownCard | null,
  seen: CardSnapshot,
): DescribedCard | null {
  const { cardHolder: seenHolder, ...seenCard } = seen;
  const earlier: Partial<Card> = known ?? {};
  const card = keepKnown(seenCard, earlier);
  const holder = holderAfter(order.isErased ? withoutPerson(seenHolder) : seenHolder, known);
  const holderIsOld = known !== null && holder === null;
  if (holderIsOld && saysNothingNew(card, earlier)) return null;
  const { tenant, provider, id: orderId } = order;
  const identity = { tenant, provider, orderId };
  const id = known?.id ?? ids.card();
  const holderId = known?.cardHolder.id ?? ids.cardHolder();
  const knownStatus = seen.status === "UNRECOGNIZED" ? ((known?.knownStatus as string | null) ?? null) : seen.status;
  const cardHolder = holderIsOld ? known.cardHolder : { ...(holder as CardHolderSnapshot), id: holderId };
  const place = { id: holderId, tenant: known?.tenant ?? tenant };
  return {
    card: { ...card, ...identity, id, cardHolder },
    values: {
      ...{ ...card, ...identity, cardId: id, holderId, knownStatus },
      providerCardHolderId: holder?.providerCardHolderId ?? null,
      personal: order.isErased ? null : sealed(vault, place, holder),
    },
    holderIsOld,
  };
}

/** Writes what the provider said of an order's card, inside the transaction that moves the order, if it is news. */
export async function writeCard(
  trx: Kysely<Tables>,
  parts: CardWriterParts,
  order: CardOrder,
  known: KnownCard | null,
  seen: CardSnapshot,
): Promise<WrittenCard> {
  const described = describeCard(parts, order, known, seen);
  if (!described) return { card: known, changed: false };
  const { card, values, holderIsOld } = described;
  const written = await (known ? (holderIsOld ? UPDATE_CARD : UPDATE) : INSERT).first(trx, values);
  // Stryker disable next-line all: its order's row is locked, so it is there
  if (!written) throw new Error("card vanished under its order's lock");
  return { card: { ...card, createdAt: written.created_at, updatedAt: written.updated_at }, changed: true };
}

/** The cardholder with what is news of it; null: nothing is, or what is known of it cannot be opened. */
function holderAfter(seen: CardHolderSnapshot, known: Card | null): CardHolderSnapshot | null {
  if (!known) return seen;
  try {
    const holder = keepKnown<CardHolderSnapshot>(seen, known.cardHolder);
    return saysNothingNew(holder, known.cardHolder) ? null : holder;
  } catch (error) {
    if (error instanceof PersonalDataUnreadable) return null;
    throw error;
  }
}

function withoutPerson({ providerCardHolderId }: CardHolderSnapshot): CardHolderSnapshot {
  const nobody = { firstName: null, lastName: null, holderName: null };
  const nowhere = { street: null, city: null, state: null, country: null, zipCode: null };
  return { providerCardHolderId, ...nobody, ...nowhere };
}

function sealed(
  vault: PersonalDataVault,
  place: { readonly id: string; readonly tenant: string },
  holder: CardHolderSnapshot | null,
): string | null {
  if (holder === null) return null;
  const { providerCardHolderId: _, ...personal } = holder;
  return vault.seal({ table: "card_holders", ...place }, personal);
}

function saysNothingNew<Description extends object>(seen: Description, known: Partial<Description>): boolean {
  return (Object.keys(seen) as (keyof Description)[]).every((name) => isDeepStrictEqual(seen[name], known[name]));
}

function keepKnown<Description extends object>(seen: Description, known: Partial<Description>): Description {
  const kept = (Object.keys(seen) as (keyof Description)[]).map((name) => [name, seen[name] ?? known[name] ?? null]);
  return Object.fromEntries(kept) as Description;
}
