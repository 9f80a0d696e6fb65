import { type Kysely, sql } from "kysely";

/**
 * Histories that clients can read, what is still to be announced of them, and signed events that are owed to callers.
 * The history is append-only, and the database itself sees to it.
 */
const STATEMENTS = [
  `alter table card_orders
    add column sends integer not null default 0,
    add column last_call integer not null default 0,
    add column may_resend boolean not null default true,
    add column first_sent_at timestamptz,
    add column caller_gone boolean not null default false`,
  // What was sent before sends were counted has gone out once.
  `update card_orders set sends = 1, last_call = 1, first_sent_at = created_at where state <> 'INTENT'`,
  // Orders that are settled are looked at seldom, and must never hold up those that are not.
  "drop index card_orders_due",
  `create index card_orders_due on card_orders ((state in ('COMPLETED', 'FAILED')), next_at) where next_at is not null`,
  `create index card_orders_in_review on card_orders (tenant, id) where state = 'NEEDS_REVIEW'`,
  `alter table order_events
    alter column from_state drop not null,
    add column sends integer not null default 0,
    add column failure_code text,
    add column failure_provider_code text,
    add column failure_field text[],
    add column card_changed boolean not null default false,
    add column provider_status text,
    add column deposit_minor bigint,
    add column consume_minor bigint,
    add column balance_minor bigint,
    add column currency text,
    add column note text`,
  "create index order_events_of_card on order_events (order_id, id) where card_changed",
  `create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'this table is append-only'; end $$`,
  `create trigger order_events_append_only before update or delete or truncate on order_events
    for each statement execute function refuse_change()`,
  `create table outbox (
    event_id bigint primary key,
    order_id text collate "C" not null
  )`,
  `create table deliveries (
    id text collate "C" primary key,
    event_id bigint not null references order_events (id),
    order_id text collate "C" not null references card_orders (id),
    url text not null,
    host text not null,
    state text not null default 'PENDING',
    attempts integer not null default 0,
    next_at timestamptz not null default now(),
    lease_until timestamptz,
    last_status integer,
    last_reason text,
    created_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  "create index deliveries_due on deliveries (next_at) where state = 'PENDING'",
  "create index deliveries_under_way on deliveries (host) where state = 'PENDING' and lease_until is not null",
  "create index deliveries_of_order on deliveries (order_id, event_id)",
  "create index deliveries_finished on deliveries (finished_at) where finished_at is not null",
  // A callback to the account's own address names an order or a card that may not be here yet.
  "alter table inbox alter column order_id drop not null",
  "create unique index inbox_unlinked on inbox (provider, dedupe_key) where order_id is null",
];

/** Forward only: there is no way back, so no `down`. */
export const eventsAndDeliveries = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
