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
  /** What is personal in the order, sealed or JSON. Null: erased, or in the three columns below, as before 0.3.0. */
  personal: string | null;
  holder_first_name: string | null;
  holder_last_name: string | null;
  email: string | null;
  /** When personal data were erased, for good. */
  erased_at: Timestamp | null;
  customer_id: string | null;
  caller_callback_url: string | null;
  callback_token: string;
  /** How often it has gone out, a call that is under way included. */
  sends: Generated<number>;
  /** Counts calls, and never goes back. */
  last_call: Generated<number>;
  may_resend: Generated<boolean>;
  first_sent_at: Timestamp | null;
  /** The caller's address answered 410: nothing more is sent to it. */
  caller_gone: Generated<boolean>;
  /** Whether it counts towards its tenant's spend limit; null: there was none when it was placed. */
  spend_counted: boolean | null;
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
  /** What is personal in the row, sealed or JSON. Null: erased, or in the columns below, as before 0.3.0. */
  personal: string | null;
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
  from_state: string | null;
  to_state: string;
  sends: Generated<number>;
  review_reason: string | null;
  failure_code: string | null;
  failure_provider_code: string | null;
  failure_field: string[] | null;
  /** The card as the event left it, if there was one. */
  card_status: string | null;
  provider_status: string | null;
  deposit_minor: number | null;
  consume_minor: number | null;
  balance_minor: number | null;
  currency: string | null;
  card_changed: Generated<boolean>;
  note: string | null;
  at: Timestamp;
}

/** Table `outbox`: events that are still to be announced to those who watch; a row goes once it was. */
export interface OutboxTable {
  event_id: number;
  order_id: string;
}

/** Table `deliveries`: events that are owed to the address a caller gave with an order. */
export interface DeliveriesTable {
  /** Also the id of the message, the same at every attempt. */
  id: string;
  event_id: number;
  order_id: string;
  url: string;
  host: string;
  /** PENDING, DELIVERED, GONE, REFUSED or GIVEN_UP. */
  state: Generated<string>;
  attempts: Generated<number>;
  next_at: Timestamp;
  lease_until: Timestamp | null;
  last_status: number | null;
  last_reason: string | null;
  created_at: Timestamp;
  finished_at: Timestamp | null;
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
  /** What is personal in the row, sealed or JSON. Null: erased, or in the columns below, as before 0.3.0. */
  personal: string | null;
  first_name: string | null;
  last_name: string | null;
  mobile: string | null;
  email: string | null;
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
  /** Null while the order or card that it names is not known here. */
  order_id: string | null;
  dedupe_key: string;
  event_type: string;
  order_no: string | null;
  provider_card_id: string | null;
  /** Set only when every card of that user is concerned. */
  provider_user_id: string | null;
  payload: ColumnType<unknown, string, string>;
  /** BELIEVED or NOT_BELIEVED once the card it names was read; null before. */
  verdict: string | null;
  received_at: Timestamp;
}

/** Table `api_keys`: hashes only. */
export interface ApiKeysTable {
  id: string;
  tenant: string;
  label: string;
  /** Separated by blanks. */
  scopes: string;
  /** In hexadecimal. */
  secret_hash: string;
  created_at: Timestamp;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
}

/** Table `data_keys`: one row for each key that has sealed anything here. */
export interface DataKeysTable {
  id: string;
  /** The key of fingerprints, sealed under this one. */
  wrapped: string;
  created_at: Timestamp;
}

/** Table `audit_log`: append-only; see its migration. */
export interface AuditLogTable {
  id: ColumnType<number, never, never>;
  /** To the millisecond. */
  at: ColumnType<Date, never, never>;
  tenant: string;
  subject: string;
  request_id: string | null;
  action: string;
  target: string;
  outcome: string;
  reason: string | null;
  recipient: string | null;
  /** Place in the chain, from 1; null until the row is sealed. */
  position: Generated<number | null>;
  /** Of the row and the hash before it, in hexadecimal. */
  hash: Generated<string | null>;
}

/** Every table by its name. */
export interface Tables {
  card_orders: CardOrdersTable;
  card_holders: CardHoldersTable;
  cards: CardsTable;
  order_events: OrderEventsTable;
  outbox: OutboxTable;
  deliveries: DeliveriesTable;
  card_contacts: CardContactsTable;
  inbox: InboxTable;
  api_keys: ApiKeysTable;
  audit_log: AuditLogTable;
  data_keys: DataKeysTable;
}
