/** Columns of `cards` that every reading of one takes, with the prefix that {@link toShownCard} reads them by. */
export const SHOWN_COLUMNS = prefixed("cards", "c_", [
  "id",
  "tenant",
  "provider",
  "order_id",
  "provider_card_id",
  "customer_id",
  "status",
  "bin",
  "last4",
  "exp_month",
  "exp_year",
  "deposit_minor",
  "consume_minor",
  "balance_minor",
  "currency",
  "created_at",
] as const);

/** The columns of the details of a card. */
export const DETAIL_COLUMNS = prefixed("cards", "c_", [
  "provider_user_id",
  "card_seq_no",
  "provider_status",
  "status_text",
  "tags",
  "opened_at",
  "updated_at",
] as const);

/** All columns of `cards` that {@link toCard} reads. */
export const CARD_COLUMNS = [
  ...SHOWN_COLUMNS,
  ...DETAIL_COLUMNS,
  ...prefixed("cards", "c_", ["card_holder_id", "known_status"] as const),
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
