import { type Kysely, sql } from "kysely";
import type { Outbox } from "../domain/order-feed.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** The channel on which every process hears which orders changed: their ids, separated by commas. */
export const ORDERS_CHANNEL = "cardgraph_orders";

/** Ids in one notification; the database takes less than 8,000 bytes, and an id has 36. */
const IDS_PER_MESSAGE = 150;

/**
 * Takes changes out of the outbox and notifies in one commit, so that none is lost between the two. Batched, because a
 * notification takes a lock that all commits share. Its commit alone does not wait for the disk: what a crash takes
 * back of it is announced once more, which tells nobody anything untrue.
 */
const ANNOUNCE = new Statement<{ readonly taken: number }>(
  inSql(sql<{ taken: number }>`
      with taken as (
        delete from outbox where event_id in (
          select event_id from outbox order by event_id limit ${param("limit")} for update skip locked
        )
        returning order_id
      ), numbered as (
        select order_id, (row_number() over () - 1) / ${sql.lit(IDS_PER_MESSAGE)} as message
        from (select distinct order_id from taken) distinct_orders
      ), messages as (
        select string_agg(order_id, ',') as ids from numbered group by message
      )
      select pg_notify(${sql.lit(ORDERS_CHANNEL)}, ids) as told, (select count(*)::int from taken) as taken,
        set_config('synchronous_commit', 'off', true) as unhurried
      from messages
    `),
);

/** {@link Outbox} over SQL. */
export class SqlOutbox implements Outbox {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async announce(limit: number): Promise<number> {
    return (await ANNOUNCE.first(this.#db, { limit }))?.taken ?? 0;
  }
}
