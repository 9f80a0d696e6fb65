import { type Kysely, sql } from "kysely";
import type { AccountEvent, AccountEventOutcome, AccountInbox, EventTarget } from "../domain/account-inbox.js";
import { CARD_STATUSES, lifecycleOf } from "../domain/card-status.js";
import type { IdSource } from "../domain/ids.js";
import { FORGET_ONE, MAKE_DUE, MAX_CALLBACKS_PER_ORDER } from "./inbox.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** How many events that found no order are kept; the oldest makes room. */
const MAX_WAITING = 10_000;
/** How many of them are looked through at a time: a few milliseconds of the database's. */
const STRETCH = 200;
/** How many cards of one user are made due at a time. */
const CARDS_AT_A_TIME = 100;

/** Cards that nothing happens to any more. */
const CLOSED: readonly string[] = CARD_STATUSES.filter((status) => ["CLOSED", "FAILED"].includes(lifecycleOf(status)));
const isOpen = sql`coalesce(cards.known_status, '') <> all(${sql.lit(`{${CLOSED.join(",")}}`)}::text[])`;

interface WaitingRow {
  readonly id: string;
  readonly provider: string;
  readonly dedupe_key: string;
  readonly order_no: string | null;
  readonly provider_card_id: string | null;
  readonly provider_user_id: string | null;
}

/** Every event comes in as one that waits, so that finding its order is one way, now and later. */
const INSERT = new Statement<{ readonly id: string }>((db) =>
  db
    .insertInto("inbox")
    .values({
      id: param("id"),
      provider: param("provider"),
      order_id: null,
      dedupe_key: param("dedupeKey"),
      event_type: param("eventType"),
      order_no: param("orderNo"),
      provider_card_id: param("providerCardId"),
      provider_user_id: param("providerUserId"),
      payload: param("payload"),
      verdict: null,
    })
    .onConflict((conflict) => conflict.columns(["provider", "dedupe_key"]).where("order_id", "is", null).doNothing())
    .returning("id"),
);

/** Those that come at the same moment do not see each other; the next one that comes makes up for it. */
const MAKE_ROOM = new Statement<never>(
  inSql(sql`
    delete from inbox where order_id is null and id < (
      select id from inbox where order_id is null order by id desc offset ${sql.lit(MAX_WAITING - 1)} limit 1
    )
  `),
);

const LOCK = new Statement<WaitingRow>(
  inSql(sql`
    select id, provider, dedupe_key, order_no, provider_card_id, provider_user_id
    from inbox where id = ${param("id")} and order_id is null for update
  `),
);

/** The order of that number; failing that, the order of that card. */
const ORDER_OF = new Statement<{ readonly id: string; readonly callbacks: number }>(
  inSql(sql`
    with found as (
      select id, 1 as choice from card_orders
      where provider = ${param("provider")} and order_no = ${param("orderNo")}::text
      union all
      select order_id, 2 from cards
      where provider = ${param("provider")} and provider_card_id = ${param("providerCardId")}::text
      order by choice limit 1
    )
    select id, (select count(*) from inbox where inbox.order_id = found.id) as callbacks from found
  `),
);

/** The event goes from those that wait to its order, unless the order has it. */
const LINK = new Statement<{ readonly id: string }>(
  inSql(sql`
    with waiting as (delete from inbox where id = ${param("id")} and order_id is null returning *)
    insert into inbox (
      id, provider, order_id, dedupe_key, event_type, order_no, provider_card_id, provider_user_id, payload, received_at
    )
    select
      id, provider, ${param("orderId")}::text, dedupe_key, event_type, order_no, provider_card_id, provider_user_id,
      payload, received_at
    from waiting
    on conflict (order_id, dedupe_key) do nothing
    returning id
  `),
);

/** Gives a copy of the event to the next few open cards of its user, and makes their orders due. */
const COPY = new Statement<{ readonly id: string }>(
  inSql(sql`
    with waiting as (select * from inbox where id = ${param("id")} and order_id is null),
    found as (
      select cards.order_id, cards.provider_card_id, row_number() over (order by cards.order_id) as place
      from cards join waiting using (provider, provider_user_id)
      where ${isOpen} and not exists (
        select from inbox where inbox.order_id = cards.order_id and inbox.dedupe_key = waiting.dedupe_key
      )
      order by cards.order_id limit ${sql.lit(CARDS_AT_A_TIME)}
    ), copied as (
      insert into inbox (
        id, provider, order_id, dedupe_key, event_type, provider_card_id, provider_user_id, payload, received_at
      )
      select
        (${param("ids")}::text[])[found.place], waiting.provider, found.order_id, waiting.dedupe_key,
        waiting.event_type, found.provider_card_id, waiting.provider_user_id, waiting.payload, waiting.received_at
      from found, waiting
      on conflict (order_id, dedupe_key) do nothing
      returning order_id
    )
    update card_orders set next_at = now(), attempts = 0 where id in (select order_id from copied) returning id
  `),
);

/** An event that every open card of its user has a copy of has found what it waited for. */
const FINISH = new Statement<{ readonly id: string }>(
  inSql(sql`
    delete from inbox where id = ${param("id")} and order_id is null and exists (
      select from cards join inbox as copy using (order_id)
      where cards.provider = inbox.provider and cards.provider_user_id = inbox.provider_user_id
        and copy.dedupe_key = inbox.dedupe_key
    ) returning id
  `),
);

const FORGET = new Statement<never>((db) =>
  db.deleteFrom("inbox").where("id", "=", param("id")).where("order_id", "is", null),
);

/** The next stretch of events that wait, and which of them wait for nothing any more. */
const STRETCH_AFTER = new Statement<{ readonly id: string; readonly found: boolean }>(
  inSql(sql`
    select waiting.id, (
      exists (select from card_orders where provider = waiting.provider and order_no = waiting.order_no)
      or exists (select from cards where provider = waiting.provider and provider_card_id = waiting.provider_card_id)
      or exists (
        select from cards
        where provider = waiting.provider and provider_user_id = waiting.provider_user_id and ${isOpen}
      )
    ) as found
    from inbox as waiting
    where waiting.order_id is null and waiting.id > ${param("after")}
    order by waiting.id limit ${sql.lit(STRETCH)}
  `),
);

/** {@link AccountInbox} over SQL. */
export class SqlAccountInbox implements AccountInbox {
  readonly #db: Kysely<Tables>;
  readonly #ids: IdSource;
  /** How far those that wait have been looked through; they are in the order in which they came. */
  #after = "";

  constructor(db: Kysely<Tables>, ids: IdSource) {
    this.#db = db;
    this.#ids = ids;
  }

  async receive(event: AccountEvent): Promise<AccountEventOutcome> {
    const outcomes: AccountEventOutcome[] = [];
    for (const target of event.targets) outcomes.push(await this.#receiveFor(event, target));
    return (["stored", "unlinked"] as const).find((outcome) => outcomes.includes(outcome)) ?? "duplicate";
  }

  async linkWaiting(): Promise<number> {
    const stretch = await STRETCH_AFTER.run(this.#db, { after: this.#after });
    this.#after = (stretch.length === STRETCH && stretch.at(-1)?.id) || "";
    let linked = 0;
    for (const { id, found } of stretch) {
      if (!found) continue;
      const outcome = await this.#db.transaction().execute((trx) => this.#link(trx, id));
      if (outcome !== "unlinked") linked += 1;
    }
    return linked;
  }

  #receiveFor(event: AccountEvent, target: EventTarget): Promise<AccountEventOutcome> {
    return this.#db.transaction().execute(async (trx) => {
      const { provider, eventType } = event;
      const id = this.#ids.inbox();
      const payload = JSON.stringify(event.payload);
      if (!(await INSERT.first(trx, { id, provider, eventType, payload, ...target }))) return "duplicate";
      const outcome = await this.#link(trx, id);
      if (outcome === "unlinked") await MAKE_ROOM.run(trx, {});
      return outcome;
    });
  }

  /** Finds what an event that waits concerns. `duplicate` when that had it, or when somebody else was quicker. */
  async #link(trx: Kysely<Tables>, id: string): Promise<AccountEventOutcome> {
    const row = await LOCK.first(trx, { id });
    if (!row) return "duplicate";
    return row.provider_user_id === null ? this.#linkOne(trx, row) : this.#linkUser(trx, row);
  }

  async #linkOne(trx: Kysely<Tables>, row: WaitingRow): Promise<AccountEventOutcome> {
    const { id, provider, order_no: orderNo, provider_card_id: providerCardId } = row;
    const order = await ORDER_OF.first(trx, { provider, orderNo, providerCardId });
    if (!order) return "unlinked";
    const hasRoom = order.callbacks < MAX_CALLBACKS_PER_ORDER || (await FORGET_ONE.first(trx, { orderId: order.id }));
    if (!hasRoom) await FORGET.run(trx, { id });
    if (!hasRoom || !(await LINK.first(trx, { id, orderId: order.id }))) return "duplicate";
    await MAKE_DUE.run(trx, { orderId: order.id });
    return "stored";
  }

  async #linkUser(trx: Kysely<Tables>, { id }: WaitingRow): Promise<AccountEventOutcome> {
    const ids = Array.from({ length: CARDS_AT_A_TIME }, () => this.#ids.inbox());
    const copied = await COPY.run(trx, { id, ids });
    const isDone = copied.length < CARDS_AT_A_TIME && (await FINISH.first(trx, { id })) !== null;
    if (copied.length > 0) return "stored";
    return isDone ? "duplicate" : "unlinked";
  }
}
