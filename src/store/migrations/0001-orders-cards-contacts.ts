import { type Kysely, sql } from "kysely";

/**
 * The first tables. Ids sort by time, so a list needs no other order; they compare bytewise whatever the database's
 * collation. Times come from the database's clock. Amounts are integer minor units.
 */
const STATEMENTS = [
  `create table card_orders (
    id text collate "C" primary key,
    tenant text not null,
    provider text not null,
    mode text not null,
    order_no text not null,
    fingerprint text not null,
    state text not null,
    review_reason text,
    failure_code text,
    failure_provider_code text,
    failure_field text[],
    card_range_id text not null,
    deposit_minor bigint not null check (deposit_minor > 0),
    currency text not null,
    holder_first_name text,
    holder_last_name text,
    email text,
    customer_id text,
    caller_callback_url text,
    callback_token text not null,
    attempts integer not null default 0,
    next_at timestamptz,
    lease_until timestamptz,
    moved_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant, order_no),
    unique (callback_token)
  )`,
  // A provider knows one account of ours, so a number that two tenants use is one number to it.
  "create unique index card_orders_provider_order_no on card_orders (provider, order_no)",
  "create index card_orders_due on card_orders (next_at) where next_at is not null",
  `create table card_holders (
    id text collate "C" primary key,
    tenant text not null,
    provider_card_holder_id text,
    first_name text,
    last_name text,
    holder_name text,
    street text,
    city text,
    state text,
    country text,
    zip_code text
  )`,
  `create table cards (
    id text collate "C" primary key,
    tenant text not null,
    provider text not null,
    order_id text collate "C" not null unique references card_orders (id),
    card_holder_id text collate "C" not null references card_holders (id),
    provider_card_id text not null,
    provider_user_id text,
    card_seq_no text,
    customer_id text,
    status text not null,
    known_status text,
    provider_status text not null,
    status_text text,
    bin text,
    last4 text,
    exp_month integer,
    exp_year integer,
    deposit_minor bigint not null,
    consume_minor bigint not null,
    balance_minor bigint not null,
    currency text not null,
    tags text[] not null,
    opened_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (provider, provider_card_id)
  )`,
  "create index cards_newest on cards (tenant, id desc)",
  "create index cards_of_customer on cards (tenant, customer_id, id desc)",
  "create index cards_by_status on cards (tenant, status, id desc)",
  `create table order_events (
    id bigint generated always as identity primary key,
    order_id text collate "C" not null references card_orders (id),
    evidence text not null,
    from_state text not null,
    to_state text not null,
    review_reason text,
    card_status text,
    at timestamptz not null default now()
  )`,
  "create index order_events_of_order on order_events (order_id, id)",
  `create table card_contacts (
    id text collate "C" primary key,
    tenant text not null,
    provider text not null,
    state text not null,
    idempotency_key text,
    fingerprint text not null,
    failure_code text,
    failure_provider_code text,
    failure_field text[],
    first_name text not null,
    last_name text not null,
    mobile text not null,
    email text not null,
    language text,
    provider_contact_id text,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant, idempotency_key)
  )`,
  `create table inbox (
    id text collate "C" primary key,
    provider text not null,
    order_id text collate "C" not null references card_orders (id),
    dedupe_key text not null,
    event_type text not null,
    order_no text,
    provider_card_id text,
    payload jsonb not null,
    verdict text,
    received_at timestamptz not null default now(),
    unique (order_id, dedupe_key)
  )`,
];

/** Forward only: there is no way back, so no `down`. */
export const ordersCardsContacts = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
