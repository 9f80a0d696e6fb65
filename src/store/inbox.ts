import { type Kysely, sql } from "kysely";
import type { InboxStore, ReceivedOutcome } from "../domain/card-store.js";
import type { IdSource } from "../domain/ids.js";
import type { ReceivedEvent } from "../domain/registration.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** How many callbacks one order may store. Opening a card takes one; whoever sends hundreds is no provider. */
export const MAX_CALLBACKS_PER_ORDER = 100;

/** A callback makes its order due now, unless the order is being sent: then its own answer comes first. */
export const MAKE_DUE = new Statement<never>((db) =>
  db.updateTable("card_orders").set({ next_at: sql`now()`, attempts: 0 }).where("id", "=", param("orderId")),
);

/** An order keeps its newest callbacks: what has been confirmed or denied is of no more use. */
export const FORGET_ONE = new Statement<{ readonly id: string }>(
  inSql(sql`
    delete from inbox where id = (
      select id from inbox where order_id = ${param("orderId")} and verdict is not null order by id limit 1
    ) returning id
  `),
);

const DROP = new Statement<never>((db) => db.deleteFrom("inbox").where("id", "=", param("id")));

/** {@link InboxStore} over SQL. */
export class SqlInboxStore implements InboxStore {
  readonly #db: Kysely<Tables>;
  readonly #ids: IdSource;

  readonly #orderOfToken = new Statement<{ id: string; order_no: string; callbacks: number }>((db) =>
    db
      .selectFrom("card_orders")
      .select(["id", "order_no"])
      .select((select) =>
        select
          .selectFrom("inbox")
          .select((count) => count.fn.countAll<number>().as("callbacks"))
          .whereRef("inbox.order_id", "=", "card_orders.id")
          .as("callbacks"),
      )
      .where("provider", "=", param("provider"))
      .where("callback_token", "=", param("token")),
  );

  readonly #insert = new Statement<{ id: string }>((db) =>
    db
      .insertInto("inbox")
      .values({
        id: param("id"),
        provider: param("provider"),
        order_id: param("orderId"),
        dedupe_key: param("dedupeKey"),
        event_type: param("eventType"),
        order_no: param("orderNo"),
        provider_card_id: param("providerCardId"),
        payload: param("payload"),
        verdict: param("verdict"),
      })
      .onConflict((conflict) => conflict.columns(["order_id", "dedupe_key"]).doNothing())
      .returning("id"),
  );

  constructor(db: Kysely<Tables>, ids: IdSource) {
    this.#db = db;
    this.#ids = ids;
  }

  async receive(event: ReceivedEvent): Promise<ReceivedOutcome> {
    return this.#db.transaction().execute(async (trx) => {
      const order = await this.#orderOfToken.first(trx, { provider: event.provider, token: event.token });
      if (!order) return "unknown_token";
      // Sent to one order's address about another order: kept, and never believed.
      const misdirected = event.orderNo !== null && event.orderNo !== order.order_no;
      const row = await this.#insert.first(trx, {
        id: this.#ids.inbox(),
        provider: event.provider,
        orderId: order.id,
        dedupeKey: event.dedupeKey,
        eventType: event.eventType,
        orderNo: event.orderNo,
        providerCardId: event.providerCardId,
        payload: JSON.stringify(event.payload),
        verdict: misdirected ? "NOT_BELIEVED" : null,
      });
      if (!row) return "duplicate";
      const isFull = order.callbacks >= MAX_CALLBACKS_PER_ORDER;
      if (isFull && !(await FORGET_ONE.first(trx, { orderId: order.id }))) {
        await DROP.run(trx, { id: row.id });
        return "duplicate";
      }
      if (misdirected) return "misdirected";
      await MAKE_DUE.run(trx, { orderId: order.id });
      return "stored";
    });
  }
}
