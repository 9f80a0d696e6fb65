import type { ColumnType, Generated } from "kysely";

type Timestamp = ColumnType<Date, Date | string | undefined, Date | string>;

/** Table `card_orders`: one row an order, and the row is its job. */
export interface CardOrdersTable {
  id: string;
  tenant: string;
  provider: string;
  /** LIVE or SANDBOX. */
  mode: string;
  order_no: string;
  fingerprint: string;
  state: string;
  review_reason: string | null;
  failure_code: string | null;
  failure_provider_code: string | null;
  failure_field: string[] | null;
  card_range_id: string;
  deposit_minor: number;
  currency: string;
  holder_first_name: string | null;
  holder_last_name: string | null;
  email: string | null;
  customer_id: string | null;
  caller_callback_url: string | null;
  callback_token: string;
  attempts: Generated<number>;
  next_at: Timestamp | null;
  lease_until: Timestamp | null;
  moved_at: Timestamp;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** Table `card_holders`. */
export interface CardHoldersTable {
  id: string;
  tenant: string;
  provider_card_holder_id: string | null;
  first_name: string | null;
  last_name: string | null;
  holder_name: string | null;
  street: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  zip_code: string | null;
}

/** Table `cards`: never a full number, never a CVC. */
export interface CardsTable {
  id: string;
  tenant: string;
  provider: string;
  order_id: string;
  card_holder_id: string;
  provider_card_id: string;
  provider_user_id: string | null;
  card_seq_no: string | null;
  customer_id: string | null;
  status: string;
  /** The last status that our list names; decides what is late news. */
  known_status: string | null;
  provider_status: string;
  status_text: string | null;
  bin: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
  deposit_minor: number;
  consume_minor: number;
  balance_minor: number;
  currency: string;
  tags: string[];
  opened_at: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** Table `order_events`: append-only, one row a change. */
export interface OrderEventsTable {
  id: Generated<number>;
  order_id: string;
  evidence: string;
  from_state: string;
  to_state: string;
  review_reason: string | null;
  card_status: string | null;
  at: Timestamp;
}

/** Table `card_contacts`. */
export interface CardContactsTable {
  id: string;
  tenant: string;
  provider: string;
  state: string;
  idempotency_key: string | null;
  fingerprint: string;
  failure_code: string | null;
  failure_provider_code: string | null;
  failure_field: string[] | null;
  first_name: string;
  last_name: string;
  mobile: string;
  email: string;
  language: string | null;
  provider_contact_id: string | null;
  lease_until: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** Table `inbox`: what providers told us, until it is confirmed. */
export interface InboxTable {
  id: string;
  provider: string;
  order_id: string;
  dedupe_key: string;
  event_type: string;
  order_no: string | null;
  provider_card_id: string | null;
  payload: ColumnType<unknown, string, string>;
  /** BELIEVED or NOT_BELIEVED once the card it names was read; null before. */
  verdict: string | null;
  received_at: Timestamp;
}

/** Every table by its name. */
export interface Tables {
  card_orders: CardOrdersTable;
  card_holders: CardHoldersTable;
  cards: CardsTable;
  order_events: OrderEventsTable;
  card_contacts: CardContactsTable;
  inbox: InboxTable;
}
