import { randomUUID } from "node:crypto";
import pg from "pg";

const TABLES = `
  create table if not exists orders (
    id text primary key,
    order_no text not null unique,
    fingerprint text not null,
    state text not null,
    card_range_id text not null,
    deposit_minor integer not null,
    customer_id text,
    email text not null,
    callback_token text not null unique,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create table if not exists cards (
    id text primary key,
    order_id text not null unique references orders,
    provider text not null,
    provider_card_id text not null unique,
    customer_id text,
    status text not null,
    lifecycle text not null,
    bin text,
    last4 text,
    exp_month integer,
    exp_year integer,
    deposit_minor integer not null,
    balance_minor integer not null,
    first_name text,
    last_name text,
    holder_name text,
    created_at timestamptz not null default now()
  );
  create index if not exists cards_newest on cards (created_at desc, id desc);
  create table if not exists contacts (
    id text primary key,
    provider_contact_id text not null,
    first_name text not null,
    last_name text not null,
    mobile text not null,
    email text not null,
    language text,
    created_at timestamptz not null default now()
  );`;

const PLACE_ORDER = `
  insert into orders (id, order_no, fingerprint, state, card_range_id, deposit_minor, customer_id, email, callback_token)
  values ($1, $2, $3, 'INTENT', $4, $5, $6, $7, $8) on conflict (order_no) do nothing returning *`;
const ORDER_BY_NO = "select * from orders where order_no = $1";
const ORDER_BY_TOKEN = "select * from orders where callback_token = $1";
const MARK = "update orders set state = $2, updated_at = now() where id = $1 returning *";
const IS_SENDING = "select 1 from orders where order_no = $1 and state = 'SENDING'";
const ADD_CARD = `
  insert into cards (id, order_id, provider, provider_card_id, customer_id, status, lifecycle, bin, last4, exp_month,
    exp_year, deposit_minor, balance_minor, first_name, last_name, holder_name)
  values ($1, $2, 'PREPAIDIFY', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning *`;
const CHANGE_CARD = `
  update cards set status = $2, lifecycle = $3, bin = $4, last4 = $5, exp_month = $6, exp_year = $7, balance_minor = $8
  where provider_card_id = $1`;
const CARD_BY_ID = "select * from cards where id = $1";
const CARD_BY_ORDER = "select * from cards where order_id = $1";
const NEWEST_CARDS = "select * from cards order by created_at desc, id desc limit $1";
const ADD_CONTACT = `
  insert into contacts (id, provider_contact_id, first_name, last_name, mobile, email, language)
  values ($1, $2, $3, $4, $5, $6, $7) returning *`;

/**
 * Opens the database and makes the tables. Statements are sent as node-postgres' own pages show them.
 * @param {string} connectionString
 */
export async function openStore(connectionString) {
  const pool = new pg.Pool({ connectionString });
  pool.on("error", () => undefined);
  await pool.query(TABLES);
  const first = async (text, values) => (await pool.query(text, values)).rows[0] ?? null;
  return {
    /** Commits the intent; null when the order number is taken. */
    placeOrder: ({ orderNo, fingerprint, cardRangeId, deposit, customerId, email }) =>
      first(PLACE_ORDER, [
        `order_${randomUUID()}`,
        orderNo,
        fingerprint,
        cardRangeId,
        deposit.amountMinor,
        customerId ?? null,
        email,
        randomUUID(),
      ]),
    orderByNo: (orderNo) => first(ORDER_BY_NO, [orderNo]),
    orderByToken: (token) => first(ORDER_BY_TOKEN, [token]),
    markOrder: (id, state) => first(MARK, [id, state]),
    isSending: async (orderNo) => (await first(IS_SENDING, [orderNo])) !== null,
    /** The provider's answer: the order's new state and the card, in one transaction. */
    settleOrder: async (orderId, card) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const order = await client.query(MARK, [orderId, "ACCEPTED"]);
        const added = await client.query(ADD_CARD, [`card_${randomUUID()}`, orderId, ...valuesOf(card)]);
        await client.query("commit");
        return { order: order.rows[0], card: added.rows[0] };
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    },
    changeCard: ({ providerCardId, status, lifecycle, bin, last4, expMonth, expYear, balanceMinor }) =>
      pool.query(CHANGE_CARD, [providerCardId, status, lifecycle, bin, last4, expMonth, expYear, balanceMinor]),
    cardById: (id) => first(CARD_BY_ID, [id]),
    cardByOrder: (orderId) => first(CARD_BY_ORDER, [orderId]),
    newestCards: async (count) => (await pool.query(NEWEST_CARDS, [count])).rows,
    addContact: (contactId, { firstName, lastName, mobile, email, language }) =>
      first(ADD_CONTACT, [`contact_${randomUUID()}`, contactId, firstName, lastName, mobile, email, language ?? null]),
    close: () => pool.end(),
  };
}

function valuesOf(card) {
  const { providerCardId, customerId, status, lifecycle, bin, last4, expMonth, expYear } = card;
  const { depositMinor, balanceMinor, firstName, lastName, holderName } = card;
  return [
    ...[providerCardId, customerId, status, lifecycle, bin, last4, expMonth, expYear],
    ...[depositMinor, balanceMinor, firstName, lastName, holderName],
  ];
}
