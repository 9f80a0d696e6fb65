/** Columns of `cards` with the prefix that {@link toCard} reads them by. */
export const CARD_COLUMNS = prefixed("cards", "c_", [
  "id",
  "tenant",
  "provider",
  "order_id",
  "card_holder_id",
  "provider_card_id",
  "provider_user_id",
  "card_seq_no",
  "customer_id",
  "status",
  "known_status",
  "provider_status",
  "status_text",
  "bin",
  "last4",
  "exp_month",
  "exp_year",
  "deposit_minor",
  "consume_minor",
  "balance_minor",
  "currency",
  "tags",
  "opened_at",
  "created_at",
  "updated_at",
] as const);

/** Columns of `card_holders` with the prefix that {@link toCard} reads them by. */
export const CARD_HOLDER_COLUMNS = prefixed("card_holders", "h_", [
  "id",
  "tenant",
  "provider_card_holder_id",
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
