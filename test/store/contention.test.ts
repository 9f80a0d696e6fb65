import { EventEmitter, once } from "node:events";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { described, fresh, open, orderAt, SERVED, type Stores, storesOver } from "./stores.js";

// Only PostgreSQL runs two transactions at a time; the embedded database has one connection.
describe("an order that two want to move, when both had to wait for its lock", () => {
  let server: PostgresServer;
  let stores: Stores;
  let holder: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
    const config = { kind: "postgres", url: await server.createDatabase() } as const;
    stores = storesOver(config, await open(config));
    holder = new pg.Client({ connectionString: config.url });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await stores.database.close();
    await server.close();
  });

  /** Holds the order's lock until everybody waits for it, so that they all began before any of them went on. */
  async function allAtOnce<Result>(id: string, moves: readonly (() => Promise<Result>)[]): Promise<readonly Result[]> {
    await holder.query("begin");
    await holder.query("select 1 from card_orders where id = $1 for update", [id]);
    const running = moves.map((move) => move());
    const waiting = "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'";
    while ((await stores.rows(`${waiting} and datname = current_database()`))[0]?.n !== moves.length);
    await holder.query("commit");
    return Promise.all(running);
  }

  it("is moved by the first, and the second sees the card that the first has written", async () => {
    const order = await orderAt(stores, "SENDING");
    const answer = { ...described(fresh("prv"), "ACTIVE"), source: "answer" } as const;
    const poll = { ...answer, source: "poll" } as const;
    const results = await allAtOnce(order.id, [
      () => stores.orders.apply(order.id, answer),
      () => stores.orders.apply(order.id, poll),
      () => stores.orders.apply(order.id, { ...answer, source: "callback" }),
    ]);
    expect(results.map(({ changed }) => changed).sort()).toEqual([false, false, true]);
    const found = await stores.orders.byOrderNo(order.tenant, order.orderNo);
    expect(found?.order).toMatchObject({ state: "COMPLETED", reviewReason: null });
  });

  it("takes the furthest news, whichever comes first", async () => {
    const order = await orderAt(stores, "SENDING");
    const prv = fresh("prv");
    const stages = ["ACTIVE", "INIT", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD"] as const;
    await allAtOnce(
      order.id,
      stages.map((status) => () => stores.orders.apply(order.id, described(prv, status))),
    );
    const found = await stores.orders.byOrderNo(order.tenant, order.orderNo);
    expect(found).toMatchObject({ order: { state: "COMPLETED" }, card: { status: "ACTIVE", providerCardId: prv } });
  });

  it("is begun to be sent by one of them", async () => {
    const order = await orderAt(stores, "INTENT");
    const begin = () => stores.orders.startSending(order.id, "sending", 60_000);
    const begun = await allAtOnce(order.id, [begin, begin, begin, begin]);
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  it("is passed over by a queue while it is being moved, instead of being waited for", async () => {
    const order = await orderAt(stores, "UNCONFIRMED");
    await stores.rows(`update card_orders set next_at = now() - interval '1 second' where id = '${order.id}'`);
    await holder.query("begin");
    await holder.query("select 1 from card_orders where id = $1 for update", [order.id]);
    expect(await stores.queue.claimDue(SERVED, "under_way", 100, 60_000)).toEqual([]);
    await holder.query("commit");
    expect(await stores.queue.claimDue(SERVED, "under_way", 100, 60_000)).toHaveLength(1);
  });
});

describe("two orders that write one card at the same moment", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  it("leave it to the first, and the second learns whose it is", async () => {
    const config = { kind: "postgres", url: await server.createDatabase() } as const;
    let writing = 0;
    const gate = new EventEmitter();
    const both = once(gate, "open");
    const database = await open(config, [], async (phase, step) => {
      if (phase !== "before" || !step.includes('insert into "cards"')) return;
      writing += 1;
      if (writing === 2) gate.emit("open");
      await both;
    });
    const stores = storesOver(config, database);
    const orders = [await orderAt(stores, "SENDING"), await orderAt(stores, "SENDING")];
    const evidence = { ...described(fresh("prv"), "ACTIVE"), source: "answer" } as const;
    const applied = await Promise.all(orders.map(({ id }) => stores.orders.apply(id, evidence)));
    expect(applied.map(({ order }) => order.state).sort()).toEqual(["COMPLETED", "NEEDS_REVIEW"]);
    expect(await stores.rows("select count(*)::int as n from cards")).toEqual([{ n: 1 }]);
    await database.close();
  });
});
