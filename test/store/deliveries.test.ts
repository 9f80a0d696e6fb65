import { beforeEach, describe, expect, it } from "vitest";
import { type DueDelivery, orderUpdated } from "../../src/domain/delivery.js";
import { systemIds } from "../../src/domain/ids.js";
import type { NewOrder } from "../../src/domain/order-store.js";
import { SqlDeliveryQueue } from "../../src/store/deliveries.js";
import { described, fresh, onEveryDatabase, orderAt } from "./stores.js";

const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const FAILED = { kind: "failed", reason: "refused by status", status: 503 } as const;

onEveryDatabase((stores) => {
  const queue = () => new SqlDeliveryQueue(stores().database.db);
  const claim = () => queue().claimNext(LEASE_MS);
  const claimAll = async (): Promise<readonly DueDelivery[]> => {
    const all: DueDelivery[] = [];
    for (let due = await claim(); due; due = await claim()) all.push(due);
    return all;
  };
  const claimed = async (): Promise<DueDelivery> => {
    const due = await claim();
    if (!due) throw new Error("nothing is due");
    return due;
  };
  const rowOf = async (id: string) => {
    const [row] = await stores().rows(
      `select state, attempts, lease_until, last_status, last_reason, finished_at is not null as finished,
        extract(epoch from next_at - now())::float8 as wait_s from deliveries where id = '${id}'`,
    );
    return row ?? {};
  };
  const makeDue = (id: string) =>
    stores().rows(`update deliveries set next_at = now() - interval '1 second', lease_until = null where id = '${id}'`);
  const ordered = (callbackUrl: string | null = "https://hooks.example/cards") =>
    orderAt(stores(), "SENDING", { request: { callbackUrl } });

  /** Writes an event of an order and what is owed of it, as a change of the order does. */
  async function owe(order: NewOrder, parts: { readonly host?: string; readonly event?: string } = {}) {
    const { host = "hooks.example", event = "'ACCEPTED', 1, null, null, null, null" } = parts;
    const id = systemIds.message();
    await stores().rows(`
      with history as (
        insert into order_events (
          order_id, evidence, to_state, sends, failure_code, failure_provider_code, failure_field, card_status, at
        ) select '${order.id}', 'poll', ${event}, '2026-01-02T03:04:05.678Z'
        returning id
      )
      insert into deliveries (id, event_id, order_id, url, host, next_at)
      select '${id}', id, '${order.id}', 'https://${host}/cards', '${host}', now() - interval '1 second' from history`);
    return id;
  }

  beforeEach(() => stores().rows("delete from deliveries"));

  describe("a delivery", () => {
    it("comes with its event as it was, whatever the order has become", async () => {
      const order = await ordered(null);
      await stores().orders.apply(order.id, described(fresh("prv"), "ACTIVE"));
      const id = await owe(order, { event: "'SENDING', 2, null, null, null, 'INIT'" });
      const due = await claimed();
      const [{ card_id } = {}] = await stores().rows(`select id as card_id from cards where order_id = '${order.id}'`);
      expect(due).toMatchObject({
        messageId: id,
        orderId: order.id,
        orderNo: order.orderNo,
        url: "https://hooks.example/cards",
        attempts: 1,
        event: { state: "SENDING", sends: 2, failure: null, card: { id: card_id, status: "INIT" } },
      });
      expect(orderUpdated(due)).toEqual({
        type: "card_order.updated",
        timestamp: "2026-01-02T03:04:05.678Z",
        data: {
          eventId: `evt_${due.event.sequence}`,
          sequence: due.event.sequence,
          orderId: order.id,
          orderNo: order.orderNo,
          state: "UNCONFIRMED",
          failure: null,
          card: { id: card_id, status: "INIT", lifecycle: "OPENING" },
        },
      });
    });

    it("tells of a failure by its codes, and of no card where there was none", async () => {
      const order = await ordered();
      await owe(order, { event: "'FAILED', 1, 'PROVIDER_REJECTED', '200002', array['email'], null" });
      const { data } = orderUpdated(await claimed());
      expect(data).toMatchObject({ state: "FAILED", card: null });
      expect(data.failure).toEqual({ code: "PROVIDER_REJECTED", providerCode: "200002", field: ["email"] });
    });

    it("is written by the change of an order whose caller gave an address, and is due at once", async () => {
      const order = await ordered();
      await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
      const due = await claimed();
      expect(due).toMatchObject({
        orderId: order.id,
        url: "https://hooks.example/cards",
        event: { state: "ACCEPTED" },
      });
    });

    it.each([
      ["https://Hooks.Example:8443/x?y", "hooks.example:8443"],
      ["HTTPS://hooks.example/x", "hooks.example"],
      ["https:hooks.example", "hooks.example"],
      ["", ""],
    ])("never keeps an order from moving, not even one to %j, which was taken once", async (url, host) => {
      const order = await ordered(url);
      await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
      const [row] = await stores().rows(`select host from deliveries where order_id = '${order.id}'`);
      expect(row).toEqual({ host });
    });

    it("is not given out before its time nor while it is claimed, and is when the claim has run out", async () => {
      const id = await owe(await ordered());
      await stores().rows(`update deliveries set next_at = now() + interval '1 hour' where id = '${id}'`);
      expect(await claim()).toBeNull();
      await makeDue(id);
      expect(await claim()).toMatchObject({ attempts: 1 });
      expect(await claim()).toBeNull();
      await stores().rows(`update deliveries set lease_until = now() - interval '1 second' where id = '${id}'`);
      expect(await claim()).toMatchObject({ attempts: 2 });
    });

    it("waits for an earlier one of its order that is due or under way, not for one that waits", async () => {
      const order = await ordered();
      const [first, second] = [await owe(order), await owe(order)];
      await stores().rows(`update deliveries set next_at = now() - interval '1 hour' where id = '${second}'`);
      const due = await claimed();
      expect(due.messageId).toBe(first);
      expect(await claim()).toBeNull();
      await queue().finish(due, { state: "PENDING", retryInMs: 60_000 }, FAILED);
      expect(await claim()).toMatchObject({ messageId: second });
    });
  });

  describe("deliveries to one host", () => {
    it("are under way two at a time, and those to another host pass them", async () => {
      const slow = await Promise.all([1, 2, 3, 4].map(async () => owe(await ordered(), { host: "slow.example" })));
      const other = await owe(await ordered(), { host: "quick.example" });
      await stores().rows("update deliveries set next_at = now() - interval '1 hour' where host = 'slow.example'");
      const under = await claimAll();
      expect(under.map(({ messageId }) => messageId).at(-1)).toBe(other);
      expect(under.filter(({ messageId }) => slow.includes(messageId as never))).toHaveLength(2);
      const [done] = under;
      if (!done) throw new Error("nothing was claimed");
      await queue().finish(done, { state: "DELIVERED" }, { kind: "delivered", status: 200 });
      expect(await claimAll()).toHaveLength(1);
    });

    it("are two at a time when many ask at once", async () => {
      await Promise.all(Array.from({ length: 6 }, async () => owe(await ordered())));
      const claims = await Promise.all(Array.from({ length: 8 }, () => claim()));
      const ids = claims.flatMap((due) => due?.messageId ?? []);
      expect(new Set(ids).size).toBe(2);
      expect(ids).toHaveLength(2);
    });

    it("do not count once their claims have run out", async () => {
      await Promise.all(Array.from({ length: 4 }, async () => owe(await ordered())));
      expect(await claimAll()).toHaveLength(2);
      await stores().rows("update deliveries set lease_until = now() - interval '1 second' where lease_until > now()");
      expect(await claimAll()).toHaveLength(2);
    });
  });

  describe("the end of a claim", () => {
    it("that failed makes it due again after its delay, and keeps why", async () => {
      const id = await owe(await ordered());
      await queue().finish(await claimed(), { state: "PENDING", retryInMs: 30_000 }, FAILED);
      const row = await rowOf(id);
      expect(row).toMatchObject({ state: "PENDING", attempts: 1, lease_until: null, finished: false });
      expect(row).toMatchObject({ last_status: 503, last_reason: "refused by status" });
      expect(row.wait_s).toBeGreaterThan(25);
      expect(row.wait_s).toBeLessThanOrEqual(30);
    });

    it.each([
      ["DELIVERED", { kind: "delivered", status: 204 }],
      ["REFUSED", { kind: "refused_address" }],
      ["GIVEN_UP", FAILED],
    ] as const)("for good is %s, and it never comes again", async (state, outcome) => {
      const id = await owe(await ordered());
      await queue().finish(await claimed(), { state }, outcome);
      expect(await rowOf(id)).toMatchObject({ state, finished: true, lease_until: null });
      await makeDue(id);
      expect(await claim()).toBeNull();
    });

    it("does nothing when the claim had run out and somebody else has taken it", async () => {
      const id = await owe(await ordered());
      const slow = await claimed();
      await stores().rows(`update deliveries set lease_until = now() - interval '1 second' where id = '${id}'`);
      await claimed();
      await queue().finish(slow, { state: "DELIVERED" }, { kind: "delivered", status: 200 });
      expect(await rowOf(id)).toMatchObject({ state: "PENDING", attempts: 2, finished: false });
    });

    it("with 410 ends every other one of the order, claimed ones too, and no new one is written", async () => {
      const [order, other] = [await ordered(), await ordered()];
      const ids = [await owe(order), await owe(order)];
      const gone = await claimed();
      await stores().rows(`update deliveries set next_at = now() + interval '1 hour' where id = '${ids[0]}'`);
      const underWay = await claimed();
      const kept = await owe(other);
      await queue().finish({ ...gone, claim: "lost" }, { state: "GONE" }, { kind: "gone", status: 410 });
      for (const id of ids) expect(await rowOf(id)).toMatchObject({ state: "GONE", finished: true });
      await queue().finish(underWay, { state: "PENDING", retryInMs: 0 }, FAILED);
      expect(await rowOf(underWay.messageId)).toMatchObject({ state: "GONE" });
      expect(await stores().rows(`select caller_gone from card_orders where id = '${order.id}'`)).toEqual([
        { caller_gone: true },
      ]);
      await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
      expect((await claimAll()).map(({ messageId }) => messageId)).toEqual([kept]);
    });
  });

  describe("what has ended", () => {
    it("is removed after a while, a few at a time, and what is still owed never", async () => {
      const ids = [];
      for (let nth = 0; nth < 4; nth++) ids.push(await owe(await ordered()));
      const [pending = "", young = ""] = ids;
      await stores().rows(`update deliveries set state = 'DELIVERED', finished_at = now() - interval '31 days',
        created_at = now() - interval '32 days' where id <> '${pending}'`);
      await stores().rows(`update deliveries set finished_at = now() - interval '29 days' where id = '${young}'`);
      expect(await queue().prune(30 * DAY_MS, 1)).toBe(1);
      expect(await queue().prune(30 * DAY_MS, 100)).toBe(1);
      expect(await queue().prune(30 * DAY_MS, 100)).toBe(0);
      expect(new Set((await stores().rows("select id from deliveries")).map(({ id }) => id))).toEqual(
        new Set([pending, young]),
      );
    });
  });
});
