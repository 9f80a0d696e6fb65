import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SqlDeliveryQueue } from "../../src/store/deliveries.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { described, fresh, open, orderAt, type Stores, storesOver } from "./stores.js";

// Only PostgreSQL runs two transactions at a time; the embedded database has one connection.
let server: PostgresServer;
let stores: Stores;
let writer: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  const config = { kind: "postgres", url: await server.createDatabase() } as const;
  stores = storesOver(config, await open(config));
  writer = new pg.Client({ connectionString: config.url });
  await writer.connect();
});
afterAll(async () => {
  await writer?.end();
  await stores?.database.close();
  await server?.close();
});

it("an event that is being written while 410 is answered is not sent either", async () => {
  const order = await orderAt(stores, "SENDING");
  await stores.orders.apply(order.id, described(fresh("prv"), "INIT"));
  const queue = new SqlDeliveryQueue(stores.database.db);
  const due = await queue.claimNext(60_000);
  if (!due) throw new Error("nothing is due");
  // What a change of the order does: its lock first, then what is owed.
  await writer.query("begin");
  await writer.query("select 1 from card_orders where id = $1 for update", [order.id]);
  await writer.query(
    `insert into deliveries (id, event_id, order_id, url, host)
      select 'msg-late', event_id, order_id, url, host from deliveries where id = $1`,
    [due.messageId],
  );
  const finished = queue.finish(due, { state: "GONE" }, { kind: "gone", status: 410 });
  const waiting = `select count(*)::int as n from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await stores.rows(waiting))[0]?.n !== 1);
  await writer.query("commit");
  await finished;
  const rows = await stores.rows(`select state from deliveries where order_id = '${order.id}'`);
  expect(rows).toEqual([{ state: "GONE" }, { state: "GONE" }]);
});
