import { type Kysely, sql } from "kysely";
import { describe, expect, it } from "vitest";
import { SqlOrderEventStore } from "../../src/store/order-events.js";
import { ORDERS_CHANNEL, SqlOutbox } from "../../src/store/outbox.js";
import type { Tables } from "../../src/store/tables.js";
import { described, fresh, onEveryDatabase, orderAt, VAULT } from "./stores.js";

const WHOLE = { first: 100, after: null, ofCard: false } as const;

onEveryDatabase((stores) => {
  const events = () => new SqlOrderEventStore(stores().database.db, VAULT);
  /** An order that went all the way, with a card that was frozen in the end. */
  const lived = async () => {
    const order = await orderAt(stores(), "SENDING");
    const prv = fresh("prv");
    for (const status of ["INIT", "INIT_ACTIVE_CARD", "ACTIVE", "FREEZE"] as const) {
      await stores().orders.apply(
        order.id,
        described(prv, status, { balanceMinor: status === "FREEZE" ? 700 : 1_000 }),
      );
    }
    return order;
  };
  const told = async (id: Awaited<ReturnType<typeof lived>>["id"], page = {}) =>
    ((await events().pages([id], { ...WHOLE, ...page })).get(id) ?? []).map(
      ({ evidence, fromState, state, card }) => `${evidence} ${fromState}>${state} ${card?.status ?? "-"}`,
    );

  describe("the history of an order", () => {
    it("has a line for every change, from its placing on", async () => {
      const order = await lived();
      expect(await told(order.id)).toEqual([
        "placed null>INTENT -",
        "sending INTENT>SENDING -",
        "poll SENDING>ACCEPTED INIT",
        "poll ACCEPTED>ACCEPTED INIT_ACTIVE_CARD",
        "poll ACCEPTED>COMPLETED ACTIVE",
        "poll COMPLETED>COMPLETED FREEZE",
      ]);
    });

    it("tells the card's amounts as they were, and only of changes", async () => {
      const order = await lived();
      const all = (await events().pages([order.id], { ...WHOLE, ofCard: true })).get(order.id) ?? [];
      expect(all.map(({ card }) => card?.balanceMinor)).toEqual([1_000, 1_000, 1_000, 700]);
      expect(all.every(({ card }) => card?.changed)).toBe(true);
      const again = described(fresh("prv"), "FREEZE");
      await stores().orders.apply(order.id, { ...again, source: "callback" });
      expect(await told(order.id, { ofCard: true })).toHaveLength(4);
    });

    it("comes in stretches, each going on where the one before ended, with one more to show it", async () => {
      const order = await lived();
      const [first, second, third] = (await events().pages([order.id], WHOLE)).get(order.id) ?? [];
      const stretch = await events().pages([order.id], { first: 1, after: first?.sequence ?? 0, ofCard: false });
      expect(stretch.get(order.id)?.map(({ sequence }) => sequence)).toEqual([second?.sequence, third?.sequence]);
    });

    it("is each order's own, and empty for one that is not there", async () => {
      const [one, two] = [await lived(), await orderAt(stores(), "INTENT")];
      const both = await events().pages([one.id, two.id], WHOLE);
      expect([both.get(one.id)?.length, both.get(two.id)?.length]).toEqual([6, 1]);
    });

    it("can only be added to: the database refuses everything else", async () => {
      const order = await lived();
      for (const change of [
        `update order_events set to_state = 'FAILED' where order_id = '${order.id}'`,
        `delete from order_events where order_id = '${order.id}'`,
        "truncate order_events cascade",
      ]) {
        await expect(stores().rows(change)).rejects.toThrow("append-only");
      }
      expect(await told(order.id)).toHaveLength(6);
    });

    it("has no line of a change that was not committed", async () => {
      const order = await orderAt(stores(), "SENDING");
      const taken = described(fresh("prv"), "ACTIVE");
      await stores().orders.apply((await orderAt(stores(), "SENDING")).id, taken);
      await stores().rows(`update cards set provider_card_id = provider_card_id`);
      const broken = described(fresh("prv"), "ACTIVE", { depositMinor: 1_000, bin: "\u0000" });
      await expect(stores().orders.apply(order.id, broken)).rejects.toThrow();
      expect(await told(order.id)).toEqual(["placed null>INTENT -", "sending INTENT>SENDING -"]);
    });
  });

  describe("what a follower reads", () => {
    it("is the order as it stands, with its place in the history", async () => {
      const order = await lived();
      const current = await events().current(order.tenant, { orderNo: order.orderNo });
      const last = ((await events().pages([order.id], WHOLE)).get(order.id) ?? []).at(-1);
      expect(current).toMatchObject({ view: { order: { state: "COMPLETED" }, card: { status: "FREEZE" } } });
      expect(current?.sequence).toBe(last?.sequence);
      const cardId = current?.view.card?.id;
      expect(cardId && (await events().current(order.tenant, { cardId }))).toEqual(current);
    });

    it("is nothing of another tenant's", async () => {
      const order = await lived();
      expect(await events().current("tenant-b", { orderNo: order.orderNo })).toBeNull();
    });

    it("is everything since a place, of many orders at once, with how they stand now", async () => {
      const [one, two] = [await lived(), await lived()];
      const [, second] = (await events().pages([one.id], WHOLE)).get(one.id) ?? [];
      const news = await events().since([
        { orderId: one.id, after: second?.sequence ?? 0 },
        { orderId: two.id, after: 0 },
      ]);
      const of = (id: string) => news.events.filter(({ orderId }) => orderId === id).length;
      expect([of(one.id), of(two.id)]).toEqual([4, 6]);
      expect(news.views.get(one.id)?.view.card?.status).toBe("FREEZE");
      const sequences = news.events.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    });

    it("is nothing when nothing happened", async () => {
      const order = await lived();
      const current = await events().current(order.tenant, { orderNo: order.orderNo });
      const news = await events().since([{ orderId: order.id, after: current?.sequence ?? 0 }]);
      expect(news).toEqual({ events: [], views: new Map() });
    });
  });

  describe("the outbox", () => {
    const empty = async (): Promise<void> => {
      while ((await new SqlOutbox(stores().database.db).announce(1_000)) > 0);
    };
    const waiting = () => stores().rows("select order_id from outbox order by event_id");

    it("holds what clients can see, and nothing of an order that is only about to be sent", async () => {
      await empty();
      const order = await orderAt(stores(), "SENDING");
      expect(await waiting()).toEqual([]);
      await stores().orders.apply(order.id, { kind: "unclear", call: 1 });
      expect(await waiting()).toEqual([{ order_id: order.id }]);
    });

    it("tells every listener the ids, each once a batch, and is empty then", async () => {
      await empty();
      const heard: string[] = [];
      const onMessage = (ids: string): void => void heard.push(...ids.split(","));
      const channel = await stores().database.listen(ORDERS_CHANNEL, { onMessage, onGap: () => undefined });
      const orders = [];
      for (let index = 0; index < 160; index++) orders.push(await orderAt(stores(), "UNCONFIRMED"));
      await stores().orders.apply(orders[0]?.id ?? ("" as never), described(fresh("prv"), "INIT"));
      expect(await new SqlOutbox(stores().database.db).announce(1_000)).toBe(161);
      await expect.poll(() => heard.length).toBe(160);
      expect(new Set(heard)).toEqual(new Set(orders.map(({ id }) => id)));
      expect(await waiting()).toEqual([]);
      await channel.close();
    });

    it("is emptied by a commit that does not wait for the disk, as which it is the only one", async () => {
      await empty();
      await orderAt(stores(), "UNCONFIRMED");
      const { db } = stores().database;
      const commits = async (connection: Kysely<Tables>): Promise<unknown> =>
        (await sql`select current_setting('synchronous_commit') as waits`.execute(connection)).rows[0];
      const within = await db.transaction().execute(async (trx) => {
        expect(await new SqlOutbox(trx).announce(1_000)).toBe(1);
        return commits(trx);
      });
      expect(within).toEqual({ waits: "off" });
      await orderAt(stores(), "UNCONFIRMED");
      await db.connection().execute(async (connection) => {
        expect(await new SqlOutbox(connection).announce(1_000)).toBe(1);
        expect(await commits(connection)).toEqual({ waits: "on" });
      });
    });

    it("is emptied by many at once without telling anything twice", async () => {
      await empty();
      for (let index = 0; index < 60; index++) await orderAt(stores(), "UNCONFIRMED");
      const outboxes = Array.from({ length: 5 }, () => new SqlOutbox(stores().database.db));
      const counts = await Promise.all(outboxes.map((outbox) => outbox.announce(30)));
      await empty();
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
      expect(await waiting()).toEqual([]);
    });
  });
});
