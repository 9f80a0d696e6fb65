import { describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.js";
import type { DueOrder, NewOrder } from "../../src/domain/order-store.js";
import { UNSEALED } from "../../src/domain/personal-data.js";
import { SqlOrderQueue } from "../../src/store/order-queue.js";
import { callback, described, fresh, newOrder, onEveryDatabase, orderAt, SERVED } from "./stores.js";

const LEASE_MS = 60_000;
const ALL = 10_000;

onEveryDatabase((stores) => {
  /** Makes an order due, as time would. */
  const makeDue = (id: OrderId, earlierMs = 1_000) =>
    stores().rows(
      `update card_orders set next_at = now() - interval '${earlierMs} milliseconds', lease_until = null where id = '${id}'`,
    );
  const endLease = (id: OrderId) =>
    stores().rows(`update card_orders set lease_until = now() - interval '1 second' where id = '${id}'`);
  const claimOf = async ({ id }: NewOrder): Promise<DueOrder | undefined> =>
    (await stores().queue.claimDue(SERVED, "under_way", ALL, LEASE_MS)).find(({ order }) => order.id === id);
  const rowOf = async ({ id }: NewOrder) => {
    const [row] = await stores().rows(
      `select attempts, lease_until, next_at <= now() as due, next_at - now() as wait,
        extract(epoch from next_at - now())::float8 as wait_s from card_orders where id = '${id}'`,
    );
    return row ?? {};
  };

  describe("an order as a job", () => {
    it("is not due before its time, and then is", async () => {
      const order = await orderAt(stores(), "INTENT");
      expect(await claimOf(order)).toBeUndefined();
      await makeDue(order.id);
      expect(await claimOf(order)).toMatchObject({
        order: { id: order.id, state: "INTENT", request: { deposit: { amountMinor: 1_000 } } },
        providerCardId: null,
        claimedCardIds: [],
        attempts: 1,
      });
    });

    it("is not given out again while it is claimed, and is again when the claim has run out", async () => {
      const order = await orderAt(stores(), "INTENT");
      await makeDue(order.id);
      expect(await claimOf(order)).toBeDefined();
      expect(await claimOf(order)).toBeUndefined();
      await endLease(order.id);
      expect(await claimOf(order)).toMatchObject({ attempts: 2 });
    });

    it("is left alone while it is being sent, and is taken up when whoever sent it died", async () => {
      const order = await orderAt(stores(), "SENDING");
      await stores().rows(`update card_orders set next_at = now() - interval '1 second' where id = '${order.id}'`);
      expect(await claimOf(order)).toBeUndefined();
      await endLease(order.id);
      expect(await claimOf(order)).toMatchObject({ order: { state: "SENDING" } });
    });

    it("says how long ago it first went out, however often it moved since", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      await stores().rows(
        `update card_orders set first_sent_at = now() - interval '90 seconds' where id = '${order.id}'`,
      );
      await makeDue(order.id);
      const due = await claimOf(order);
      expect(due?.waitedMs).toBeGreaterThanOrEqual(90_000);
      expect(due?.waitedMs).toBeLessThan(100_000);
      await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
      await makeDue(order.id);
      const again = await claimOf(order);
      expect(again).toMatchObject({ attempts: 1, order: { state: "ACCEPTED" } });
      expect(again?.waitedMs).toBeGreaterThanOrEqual(90_000);
    });

    it("names the card that is known to be its own", async () => {
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await stores().orders.apply(order.id, described(prv, "INIT"));
      await makeDue(order.id);
      expect(await claimOf(order)).toMatchObject({
        providerCardId: prv,
        cardStatus: "INIT",
        claimedCardIds: [],
        order: { cardId: expect.any(String) },
      });
    });

    it("is given out to one of many that ask at once, most overdue first, and never more than asked for", async () => {
      await stores().queue.claimDue(SERVED, "under_way", ALL, LEASE_MS);
      const mine = await Promise.all(Array.from({ length: 30 }, () => orderAt(stores(), "INTENT")));
      for (const [index, { id }] of mine.entries()) await makeDue(id, 1_000 * (index + 1));
      const first = await stores().queue.claimDue(SERVED, "under_way", 5, LEASE_MS);
      expect(new Set(first.map(({ order }) => order.id))).toEqual(new Set(mine.slice(25).map(({ id }) => id)));
      const queues = Array.from({ length: 6 }, () => new SqlOrderQueue(stores().database.db, UNSEALED));
      const claims = (
        await Promise.all(queues.map((queue) => queue.claimDue(SERVED, "under_way", 8, LEASE_MS)))
      ).flat();
      const ids = claims.map(({ order }) => order.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => mine.some((order) => order.id === id))).toBe(true);
      const rest = await stores().queue.claimDue(SERVED, "under_way", ALL, LEASE_MS);
      expect(ids.length + rest.length).toBe(25);
    });
  });

  describe("ending a claim", () => {
    it("sets when the order is due again", async () => {
      const order = await orderAt(stores(), "INTENT");
      await makeDue(order.id);
      const due = await claimOf(order);
      if (!due) throw new Error("not due");
      await stores().queue.reschedule(due, 30_000);
      const row = await rowOf(order);
      expect(row).toMatchObject({ attempts: 1, lease_until: null });
      expect(row.wait_s).toBeGreaterThan(25);
      expect(row.wait_s).toBeLessThanOrEqual(30);
    });

    it("for good leaves the order alone until something happens to it", async () => {
      const order = await orderAt(stores(), "INTENT");
      await makeDue(order.id);
      const due = await claimOf(order);
      if (!due) throw new Error("not due");
      await stores().queue.reschedule(due, null);
      expect(await rowOf(order)).toMatchObject({ lease_until: null, due: null });
      await stores().inbox.receive(callback(order));
      expect(await claimOf(order)).toMatchObject({ attempts: 1 });
    });

    it("keeps the order due at once when a callback came meanwhile", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      await makeDue(order.id);
      const due = await claimOf(order);
      if (!due) throw new Error("not due");
      await stores().inbox.receive(callback(order));
      await stores().queue.reschedule(due, 600_000);
      expect(await claimOf(order)).toMatchObject({ claimedCardIds: [`prv-${order.orderNo}`] });
    });

    it("keeps what a move meanwhile has set", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      await makeDue(order.id);
      const due = await claimOf(order);
      if (!due) throw new Error("not due");
      await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
      await stores().queue.reschedule(due, 1_000);
      expect((await rowOf(order)).wait_s).toBeGreaterThan(500);
    });

    it("does not end the claim of somebody who took the order up after it had moved", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      await makeDue(order.id);
      const slow = await claimOf(order);
      if (!slow) throw new Error("not due");
      await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
      await stores().inbox.receive(callback(order));
      const quick = await claimOf(order);
      if (!quick) throw new Error("the callback did not make it due");
      await stores().queue.reschedule(slow, 0);
      expect(await claimOf(order)).toBeUndefined();
    });
  });

  describe("hastening an order", () => {
    const waitAfter = async (order: NewOrder, delayMs: number) => {
      await stores().queue.hasten(order.id, delayMs);
      return Number((await rowOf(order)).wait_s);
    };

    it("makes it due sooner, also when it was not due at all, and never later", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      expect(await waitAfter(order, 60_000)).toBeLessThanOrEqual(60);
      expect(await waitAfter(order, 300_000)).toBeLessThanOrEqual(60);
      await stores().rows(`update card_orders set next_at = null where id = '${order.id}'`);
      expect(await waitAfter(order, 30_000)).toBeGreaterThan(25);
    });
  });

  describe("the claim of a callback that a card is the order's", () => {
    const claimed = async (order: NewOrder): Promise<readonly string[]> => {
      await makeDue(order.id);
      return (await claimOf(order))?.claimedCardIds ?? [];
    };

    it("is asked about once for each card, and a few cards at a time", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      for (const providerCardId of ["prv-1", null, "prv-2", "prv-1", "prv-3", "prv-4"]) {
        await stores().inbox.receive(callback(order, { providerCardId }));
      }
      await makeDue(order.id);
      const due = await claimOf(order);
      expect(due).toMatchObject({ hasMoreClaims: true, knownCardNamed: false });
      expect(new Set(due?.claimedCardIds).size).toBe(3);
      await stores().queue.judgeClaim(order.id, "prv-1", "NOT_BELIEVED", "infinity");
      await makeDue(order.id);
      const left = await claimOf(order);
      expect(left).toMatchObject({ hasMoreClaims: false });
      expect(left?.claimedCardIds.toSorted()).toEqual(["prv-2", "prv-3", "prv-4"]);
    });

    it("gets its turn however many others nobody ever answers", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const named = Array.from({ length: 20 }, (_, index) => `prv-${index}`);
      for (const providerCardId of named) await stores().inbox.receive(callback(order, { providerCardId }));
      const asked = new Set<string>();
      for (let look = 0; look < 60; look++) for (const cardId of await claimed(order)) asked.add(cardId);
      expect(asked.size).toBe(20);
    });

    it("is kept but never asked about when the callback names another order", async () => {
      const [order, other] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      expect(await stores().inbox.receive(callback(order, { orderNo: other.orderNo }))).toBe("misdirected");
      expect(await claimed(order)).toEqual([]);
      expect(await claimed(other)).toEqual([]);
    });

    it("is judged card by card, in that order only, and never asked about again", async () => {
      const [order, other] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      for (const one of [order, other]) {
        await stores().inbox.receive(callback(one, { providerCardId: "prv-1" }));
        await stores().inbox.receive(callback(one, { providerCardId: "prv-2" }));
      }
      await stores().queue.judgeClaim(order.id, "prv-2", "BELIEVED", "infinity");
      const verdicts = (id: string) => stores().rows(`select verdict from inbox where order_id = '${id}' order by id`);
      expect(await verdicts(order.id)).toEqual([{ verdict: null }, { verdict: "BELIEVED" }]);
      expect(await verdicts(other.id)).toEqual([{ verdict: null }, { verdict: null }]);
      expect(await claimed(order)).toEqual(["prv-1"]);
      await stores().queue.judgeClaim(order.id, "prv-1", "NOT_BELIEVED", "infinity");
      expect(await claimed(order)).toEqual([]);
      expect((await claimed(other)).toSorted()).toEqual(["prv-1", "prv-2"]);
    });

    it("stays open when it came after the order was claimed: the provider may have been asked before", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      await stores().inbox.receive(callback(order, { providerCardId: "prv-1" }));
      await makeDue(order.id);
      const due = await claimOf(order);
      // The embedded clock counts milliseconds.
      await stores().rows("select pg_sleep(0.005)");
      await stores().inbox.receive(callback(order, { providerCardId: "prv-1" }));
      await stores().queue.judgeClaim(order.id, "prv-1", "BELIEVED", due?.claimedAt ?? "");
      expect(await stores().rows(`select verdict from inbox where order_id = '${order.id}' order by id`)).toEqual([
        { verdict: "BELIEVED" },
        { verdict: null },
      ]);
      expect(await claimed(order)).toEqual(["prv-1"]);
    });

    it("is asked about for an order that has its card, if it names another one", async () => {
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await stores().orders.apply(order.id, described(prv, "INIT"));
      await stores().inbox.receive(callback(order, { providerCardId: prv }));
      await stores().inbox.receive(callback(order, { providerCardId: "prv-second" }));
      expect(await claimed(order)).toEqual(["prv-second"]);
    });

    it("is told apart from news about the card that is known, until that was confirmed", async () => {
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await stores().orders.apply(order.id, described(prv, "INIT"));
      const named = async () => {
        await makeDue(order.id);
        return (await claimOf(order))?.knownCardNamed;
      };
      expect(await named()).toBe(false);
      await stores().inbox.receive(callback(order, { providerCardId: prv }));
      expect(await named()).toBe(true);
      await stores().queue.judgeClaim(order.id, prv, "BELIEVED", "infinity");
      expect(await named()).toBe(false);
    });
  });

  it("is kept apart from orders that have settled, so that a crowd of these holds nothing up", async () => {
    const settled = await orderAt(stores(), "SENDING");
    await stores().orders.apply(settled.id, described(fresh("prv"), "ACTIVE"));
    await makeDue(settled.id);
    expect(await claimOf(settled)).toBeUndefined();
    const due = await stores().queue.claimDue(SERVED, "settled", ALL, LEASE_MS);
    expect(due.map(({ order }) => order.id)).toContain(settled.id);
  });

  it("leaves the orders of a provider's other mode as they are", async () => {
    const order = await orderAt(stores(), "INTENT", { mode: "SANDBOX" });
    await makeDue(order.id);
    expect(await claimOf(order)).toBeUndefined();
    expect(await rowOf(order)).toMatchObject({ attempts: 0, lease_until: null, due: true });
  });

  it("gives nothing when nothing is due", async () => {
    await stores().queue.claimDue(SERVED, "under_way", ALL, LEASE_MS);
    await stores().orders.place(newOrder());
    expect(await stores().queue.claimDue(SERVED, "under_way", ALL, LEASE_MS)).toEqual([]);
  });
});
