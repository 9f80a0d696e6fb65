/** When the oldest rows were written, in milliseconds since 1970, and how far apart they are. */
const OLDEST_MS = Date.UTC(2026, 0, 1);
const APART_MS = 5_000;
/** Rows of one statement. */
const BATCH = 25_000;
const EVENTS_PER_ORDER = 4;

const ID = (prefix) =>
  `'${prefix}_' || lpad(to_hex(${OLDEST_MS} + i * ${APART_MS}), 12, '0') || lpad(to_hex(i), 20, '0')`;
const AT = `to_timestamp((${OLDEST_MS} + i * ${APART_MS}) / 1000.0)`;
/** One of twenty has failed. Settled orders are followed at a slow pace: some day in the month to come. */
const STATE = "case when i % 20 = 0 then 'FAILED' else 'COMPLETED' end";

const statements = (from, to) => {
  const rows = `from generate_series(${from}::bigint, ${to - 1}) as numbers(i)`;
  return [
    `insert into card_orders (id, tenant, provider, mode, order_no, fingerprint, state, card_range_id, deposit_minor,
      currency, customer_id, callback_token, sends, last_call, next_at, first_sent_at, created_at)
    select ${ID("ord")}, 'default', 'PREPAIDIFY', 'LIVE', 'grown-' || i, md5(i::text) || md5(i::text), ${STATE},
      'vab_069af8a792ad', 2500, 'USD', 'customer-' || i % 100, 'grown-' || i, 1, 1,
      now() + (1 + i % 2592000) * interval '1 second', ${AT}, ${AT} ${rows}`,
    `insert into card_holders (id, tenant, first_name, last_name, holder_name)
    select ${ID("chd")}, 'default', 'Milton', 'Schmitt', 'Milton Schmitt' ${rows}`,
    `insert into cards (id, tenant, provider, order_id, card_holder_id, provider_card_id, customer_id, status,
      provider_status, bin, last4, exp_month, exp_year, deposit_minor, consume_minor, balance_minor, currency, tags,
      created_at)
    select ${ID("card")}, 'default', 'PREPAIDIFY', ${ID("ord")}, ${ID("chd")}, 'grown-' || i, 'customer-' || i % 100,
      case when i % 20 = 0 then 'CANCELED' else 'ACTIVE' end, 'ACTIVE', '441112', lpad((i % 10000)::text, 4, '0'), 7,
      2031, 2500, 0, 2500, 'USD', '{}', ${AT} ${rows}`,
    `insert into order_events (order_id, evidence, from_state, to_state, sends, card_changed, at)
    select ${ID("ord")}, 'answer', 'SENDING', ${STATE}, 1, step > 1, ${AT} ${rows}
    cross join generate_series(1, ${EVENTS_PER_ORDER}) as steps(step)`,
    `insert into inbox (id, provider, order_id, dedupe_key, event_type, payload, verdict, received_at)
    select ${ID("inb")}, 'PREPAIDIFY', ${ID("ord")}, 'grown-' || i, 'CREATE_CARD', '{}', 'confirmed', ${AT} ${rows}`,
  ];
};

/** The tables that grow, with how many rows each order has in it. */
export const GROWING = { card_orders: 1, card_holders: 1, cards: 1, order_events: EVENTS_PER_ORDER, inbox: 1 };

/**
 * Adds orders that have settled long ago, with their cards, holders, histories and callbacks.
 * @param {(statement: string) => Promise<unknown>} execute
 * @param {number} from How many there are.
 * @param {number} to How many there shall be.
 * @param {(done: number) => void} report
 */
export async function addRows(execute, from, to, report) {
  for (let next = from; next < to; next += BATCH) {
    for (const statement of statements(next, Math.min(next + BATCH, to))) await execute(statement);
    report(Math.min(next + BATCH, to));
  }
  for (const table of Object.keys(GROWING)) await execute(`analyze ${table}`);
}

/** Ids of open cards among those rows, evenly spread. */
export function cardIdsAmong(count, wanted) {
  const step = Math.max(1, Math.floor(count / wanted));
  return Array.from({ length: Math.min(wanted, count) }, (_, index) => index * step)
    .map((i) => (i % 20 === 0 ? i + 1 : i))
    .filter((i) => i < count)
    .map((i) => `card_${(OLDEST_MS + i * APART_MS).toString(16).padStart(12, "0")}${i.toString(16).padStart(20, "0")}`);
}
