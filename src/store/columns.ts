import type { CardField } from "../domain/card-record.js";

/** The column of each field of a card, with the prefix that {@link toShownCard} reads it by. */
export const COLUMN_OF = {
  provider: "cards.provider as c_provider",
  orderId: "cards.order_id as c_order_id",
  providerCardId: "cards.provider_card_id as c_provider_card_id",
  providerUserId: "cards.provider_user_id as c_provider_user_id",
  cardSeqNo: "cards.card_seq_no as c_card_seq_no",
  customerId: "cards.customer_id as c_customer_id",
  providerStatus: "cards.provider_status as c_provider_status",
  statusText: "cards.status_text as c_status_text",
  bin: "cards.bin as c_bin",
  last4: "cards.last4 as c_last4",
  expMonth: "cards.exp_month as c_exp_month",
  expYear: "cards.exp_year as c_exp_year",
  depositMinor: "cards.deposit_minor as c_deposit_minor",
  consumeMinor: "cards.consume_minor as c_consume_minor",
  balanceMinor: "cards.balance_minor as c_balance_minor",
  currency: "cards.currency as c_currency",
  tags: "cards.tags as c_tags",
  openedAt: "cards.opened_at as c_opened_at",
  createdAt: "cards.created_at as c_created_at",
  updatedAt: "cards.updated_at as c_updated_at",
} as const satisfies Readonly<Record<Exclude<CardField, "cardHolder">, string>>;

/** All columns of `cards` that {@link toCard} reads. */
export const CARD_COLUMNS = [
  ...Object.values(COLUMN_OF),
  ...prefixed("cards", "c_", ["id", "tenant", "status", "card_holder_id", "known_status"] as const),
];

/** Columns of `card_holders` with the prefix that {@link toCard} reads them by. */
export const CARD_HOLDER_COLUMNS = prefixed("card_holders", "h_", [
  "id",
  "tenant",
  "provider_card_holder_id",
  "personal",
  "first_name",
  "last_name",
  "holder_name",
  "street",
  "city",
  "state",
  "country",
  "zip_code",
] as const);

function prefixed<const Table extends string, const Prefix extends string, const Name extends string>(
  table: Table,
  prefix: Prefix,
  names: readonly Name[],
): readonly `${Table}.${Name} as ${Prefix}${Name}`[] {
  return names.map((name) => `${table}.${name} as ${prefix}${name}` as const);
}
