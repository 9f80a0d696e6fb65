import type { Stores } from "./stores.js";

/** A tenant with far more of everything than a page shows, and two others with some. */
export const TENANTS = { "tenant-big": 20_000, "tenant-b": 300, "tenant-c": 300 } as const;
/** How far apart the rows of a tenant are, in milliseconds. */
export const APART_MS = 600_000;
/** When the oldest rows were written. */
export const OLDEST_MS = Date.UTC(2026, 0, 1);

/** What a row of any list can be narrowed by. */
export interface ListedRow {
  readonly id: string;
  readonly tenant: string;
  readonly provider: string;
  readonly state: string;
  readonly sends: number;
  readonly customerId: string | null;
  readonly createdAt: Date;
}

const ID = (prefix: string): string =>
  `'${prefix}_' || lpad(to_hex(${OLDEST_MS} + i * ${APART_MS}), 12, '0') || lpad(to_hex(t), 4, '0') || lpad(to_hex(i), 16, '0')`;
const CREATED_AT = `to_timestamp((${OLDEST_MS} + i * ${APART_MS}) / 1000.0)`;
const FROM = `from (values ${Object.entries(TENANTS)
  .map(([name, rows], index) => `('${name}', ${rows}, ${index + 1})`)
  .join(", ")}) as tenants(tenant, rows, t) cross join lateral generate_series(0::bigint, rows - 1) as numbers(i)`;
/** Rare values are the oldest: a walk from the newest meets everything else first. */
const PROVIDER = "case when i between 5 and 7 then 'PAGSMILE' else 'PREPAIDIFY' end";
const CUSTOMER = "case when i < 3 then 'customer-rare' when i % 50 = 0 then null else 'customer-common' end";

/** Writes an order with its card, and a contact, for each number of each tenant. */
export async function writeRows(stores: Stores): Promise<void> {
  await stores.rows(`insert into card_orders (id, tenant, provider, mode, order_no, fingerprint, state, card_range_id,
      deposit_minor, currency, customer_id, callback_token, sends, created_at)
    select ${ID("ord")}, tenant, ${PROVIDER}, 'LIVE', tenant || '-' || i, 'fingerprint',
      case when i = 0 then 'NEEDS_REVIEW' when i in (1, 6) then 'UNCONFIRMED' when i in (2, 3) then 'SENDING'
        when i = 4 then 'INTENT' when i % 20 = 0 then 'FAILED' else 'COMPLETED' end,
      '100', 1000, 'USD', ${CUSTOMER}, tenant || '-' || i, case when i = 2 then 2 else 1 end, ${CREATED_AT} ${FROM}`);
  await stores.rows(`insert into card_holders (id, tenant) select ${ID("chd")}, tenant ${FROM}`);
  await stores.rows(`insert into cards (id, tenant, provider, order_id, card_holder_id, provider_card_id, customer_id,
      status, provider_status, deposit_minor, consume_minor, balance_minor, currency, tags, created_at)
    select ${ID("card")}, tenant, ${PROVIDER}, ${ID("ord")}, ${ID("chd")}, tenant || '-' || i, ${CUSTOMER},
      case when i in (1, 6) then 'FREEZE' when i % 20 = 0 then 'CANCELED' else 'ACTIVE' end, 'text',
      1000, 0, 1000, 'USD', '{}', ${CREATED_AT} ${FROM}`);
  await stores.rows(`insert into card_contacts (id, tenant, provider, state, fingerprint, first_name, last_name, mobile,
      email, provider_contact_id, created_at)
    select ${ID("cct")}, tenant, ${PROVIDER}, case when i % 3 = 0 then 'FAILED' else 'COMPLETED' end, 'fingerprint',
      'Leon', 'Smith', '+861234789999', 'leon@person.example', 'contact-' || i, ${CREATED_AT} ${FROM}`);
}

/** Everything of a table that can be narrowed by, newest first. */
export async function readRows(stores: Stores, table: "cards" | "card_orders" | "card_contacts") {
  const state = table === "cards" ? "status" : "state";
  const rows = await stores.rows(`select id, tenant, provider, ${state} as state,
      ${table === "card_orders" ? "sends" : "1"} as sends, created_at as "createdAt",
      ${table === "card_contacts" ? "null" : "customer_id"} as "customerId"
    from ${table} order by id desc`);
  return rows as unknown as readonly ListedRow[];
}
