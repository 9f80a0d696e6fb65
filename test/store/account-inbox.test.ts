import { beforeEach, describe, expect, it } from "vitest";
import type { AccountEvent, EventTarget } from "../../src/domain/account-inbox.js";
import { systemIds } from "../../src/domain/ids.js";
import type { NewOrder, Pace } from "../../src/domain/order-store.js";
import { SqlAccountInbox } from "../../src/store/account-inbox.js";
import { callback, described, fresh, newOrder, onEveryDatabase, orderAt, SERVED } from "./stores.js";

const ALL = 10_000;

/** An event that concerns these things. */
function event(...targets: readonly Partial<EventTarget>[]): AccountEvent {
  return {
    provider: "PREPAIDIFY",
    eventType: "RISK_CONTROL",
    payload: { type: "FREEZE_CARD", nested: { list: [1, "2"] } },
    targets: targets.map((target) => ({
      dedupeKey: fresh("event"),
      orderNo: null,
      providerCardId: null,
      providerUserId: null,
      ...target,
    })),
  };
}

onEveryDatabase((stores) => {
  const rows = (where: string) => stores().rows(`select * from inbox where ${where} order by id`);
  const waiting = () => rows("order_id is null");
  const of = ({ id }: Pick<NewOrder, "id">) => rows(`order_id = '${id}'`);
  const receive = (one: AccountEvent) => stores().accountInbox.receive(one);
  /** Looks through everything that waits. */
  const linkAll = async (inbox = stores().accountInbox): Promise<number> => {
    let all = 0;
    for (let linked = await inbox.linkWaiting(); linked > 0; linked = await inbox.linkWaiting()) all += linked;
    return all;
  };
  const dueIds = async (pace: Pace) =>
    (await stores().queue.claimDue(SERVED, pace, ALL, 60_000)).map(({ order }) => order.id);
  /** An order whose card is in that state, and that is not due. */
  const withCard = async (status: "INIT" | "ACTIVE" | "CANCELED" = "ACTIVE", providerUserId = fresh("user")) => {
    const order = await orderAt(stores(), "SENDING");
    const providerCardId = fresh("prv");
    await stores().orders.apply(order.id, described(providerCardId, status, { providerUserId }));
    return { ...order, providerCardId, providerUserId };
  };

  beforeEach(async () => {
    await stores().rows("delete from inbox where order_id is null");
  });

  describe("an event to the account's address", () => {
    it("is stored with the order of its number, which is due at once", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const one = event({ orderNo: order.orderNo, providerCardId: "prv-claimed" });
      expect(await receive(one)).toBe("stored");
      expect(await of(order)).toEqual([
        {
          id: expect.stringMatching(/^inb_[0-9a-f]{32}$/),
          provider: "PREPAIDIFY",
          order_id: order.id,
          dedupe_key: one.targets[0]?.dedupeKey,
          event_type: "RISK_CONTROL",
          order_no: order.orderNo,
          provider_card_id: "prv-claimed",
          provider_user_id: null,
          payload: one.payload,
          verdict: null,
          received_at: expect.any(Date),
        },
      ]);
      const due = await stores().queue.claimDue(SERVED, "under_way", ALL, 60_000);
      expect(due.find((one) => one.order.id === order.id)).toMatchObject({ claimedCardIds: ["prv-claimed"] });
      expect(await waiting()).toEqual([]);
    });

    it("is stored with the order of its card, also one that is settled", async () => {
      const order = await withCard("ACTIVE");
      expect(await receive(event({ providerCardId: order.providerCardId }))).toBe("stored");
      const due = await stores().queue.claimDue(SERVED, "settled", ALL, 60_000);
      expect(due.find((one) => one.order.id === order.id)).toMatchObject({ knownCardNamed: true, claimedCardIds: [] });
    });

    it("goes by the order's number where that and the card are two orders'", async () => {
      const [byNumber, byCard] = [await orderAt(stores(), "UNCONFIRMED"), await withCard()];
      expect(await receive(event({ orderNo: byNumber.orderNo, providerCardId: byCard.providerCardId }))).toBe("stored");
      expect(await of(byNumber)).toHaveLength(1);
      expect(await of(byCard)).toHaveLength(0);
    });

    it("finds the order of its card when its number is nobody's", async () => {
      const order = await withCard();
      expect(await receive(event({ orderNo: fresh("deposit"), providerCardId: order.providerCardId }))).toBe("stored");
      expect(await of(order)).toHaveLength(1);
    });

    it("is another provider's where that has the number or the card", async () => {
      const order = await withCard();
      const one = event({ orderNo: order.orderNo, providerCardId: order.providerCardId });
      expect(await receive({ ...one, provider: "PAGSMILE" })).toBe("unlinked");
      expect(await of(order)).toHaveLength(0);
    });

    it("is stored once of ten times at once, and makes nothing due again", async () => {
      const order = await withCard();
      const one = event({ providerCardId: order.providerCardId });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => receive(one)));
      expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "duplicate")).toHaveLength(9);
      await stores().rows(`update card_orders set next_at = null, lease_until = null where id = '${order.id}'`);
      expect(await receive(one)).toBe("duplicate");
      expect(await dueIds("settled")).not.toContain(order.id);
      expect(await of(order)).toHaveLength(1);
      expect(await waiting()).toEqual([]);
    });

    it("is stored with each of its cards, and waits for those that are not known", async () => {
      const [one, two] = [await withCard(), await withCard()];
      const targets = [one.providerCardId, two.providerCardId, fresh("prv")].map((providerCardId) => ({
        providerCardId,
      }));
      expect(await receive(event(...targets))).toBe("stored");
      expect(await of(one)).toHaveLength(1);
      expect(await of(two)).toHaveLength(1);
      expect(await waiting()).toHaveLength(1);
    });

    it("takes the place of what was confirmed long ago when an order has its fill", async () => {
      const order = await withCard();
      for (let count = 0; count < 100; count++) {
        await receive(event({ providerCardId: order.providerCardId }));
      }
      expect(await receive(event({ providerCardId: order.providerCardId }))).toBe("duplicate");
      expect(await waiting()).toEqual([]);
      await stores().queue.judgeClaim(order.id, order.providerCardId, "BELIEVED", "infinity");
      const one = event({ providerCardId: order.providerCardId });
      expect(await receive(one)).toBe("stored");
      const kept = await of(order);
      expect(kept).toHaveLength(100);
      expect(kept.at(-1)).toMatchObject({ dedupe_key: one.targets[0]?.dedupeKey, verdict: null });
    });
  });

  describe("an event that concerns nothing that is known", () => {
    it("is kept, once, and makes nothing due", async () => {
      const one = event({ orderNo: fresh("nobody"), providerCardId: fresh("prv") });
      expect(await receive(one)).toBe("unlinked");
      expect(await receive(one)).toBe("duplicate");
      expect(await waiting()).toMatchObject([{ order_id: null, dedupe_key: one.targets[0]?.dedupeKey }]);
      expect(await linkAll()).toBe(0);
    });

    it("is linked once an order of its number is placed", async () => {
      const order = newOrder();
      const one = event({ orderNo: order.orderNo });
      expect(await receive(one)).toBe("unlinked");
      await stores().orders.place(order);
      expect(await linkAll()).toBe(1);
      expect(await of(order)).toMatchObject([{ dedupe_key: one.targets[0]?.dedupeKey, payload: one.payload }]);
      expect(await waiting()).toEqual([]);
      expect(await dueIds("under_way")).toContain(order.id);
      expect(await receive(one)).toBe("duplicate");
    });

    it("is linked once its card is first written, and then the card is in question", async () => {
      const order = await orderAt(stores(), "SENDING");
      const providerCardId = fresh("prv");
      await receive(event({ providerCardId }));
      expect(await linkAll()).toBe(0);
      await stores().orders.apply(order.id, described(providerCardId, "ACTIVE"));
      expect(await linkAll()).toBe(1);
      const due = await stores().queue.claimDue(SERVED, "settled", ALL, 60_000);
      expect(due.find((one) => one.order.id === order.id)).toMatchObject({ knownCardNamed: true });
    });

    it("is linked to an order that has it already without a second row", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const one = event({ providerCardId: fresh("prv") });
      await receive(one);
      await stores().inbox.receive(callback(order, { dedupeKey: one.targets[0]?.dedupeKey ?? "" }));
      const { providerCardId } = one.targets[0] ?? {};
      await stores().orders.apply(order.id, described(providerCardId ?? "", "ACTIVE"));
      await linkAll();
      expect(await of(order)).toHaveLength(1);
      expect(await waiting()).toEqual([]);
    });

    it("is linked once by several processes at once", async () => {
      const order = newOrder();
      for (let count = 0; count < 20; count++) await receive(event({ orderNo: order.orderNo }));
      await stores().orders.place(order);
      const inboxes = Array.from({ length: 4 }, () => new SqlAccountInbox(stores().database.db, systemIds));
      await Promise.all(inboxes.map((inbox) => linkAll(inbox)));
      expect(await of(order)).toHaveLength(20);
      expect(await waiting()).toEqual([]);
    });

    it("is found among many that wait for nothing", async () => {
      await stores().rows(
        `insert into inbox (id, provider, dedupe_key, event_type, provider_card_id, payload)
          select 'inb_0' || to_char(n, 'FM0000'), 'PREPAIDIFY', 'junk-' || n, 'JUNK', 'junk-' || n, '{}'
          from generate_series(1, 999) n`,
      );
      const order = newOrder();
      await receive(event({ orderNo: order.orderNo }));
      await stores().orders.place(order);
      const inbox = new SqlAccountInbox(stores().database.db, systemIds);
      let turns = 0;
      while ((await of(order)).length === 0 && ++turns < 20) await inbox.linkWaiting();
      expect(turns).toBeLessThan(7);
      // And round again, from the first.
      const [{ id: first } = { id: "" }] = await waiting();
      const card = await withCard();
      await stores().rows(`update inbox set provider_card_id = '${card.providerCardId}' where id = '${String(first)}'`);
      turns = 0;
      while ((await of(card)).length === 0 && ++turns < 20) await inbox.linkWaiting();
      expect(turns).toBeLessThan(7);
    });

    it("is one of ten thousand at most: the oldest makes room", async () => {
      await stores().rows(
        `insert into inbox (id, provider, dedupe_key, event_type, payload)
          select 'inb_0' || to_char(n, 'FM00000'), 'PREPAIDIFY', 'junk-' || n, 'JUNK', '{}'
          from generate_series(1, 10000) n`,
      );
      const one = event({ orderNo: fresh("nobody") });
      expect(await receive(one)).toBe("unlinked");
      const kept = await waiting();
      expect(kept).toHaveLength(10_000);
      expect(kept[0]).toMatchObject({ dedupe_key: "junk-2" });
      expect(kept.at(-1)).toMatchObject({ dedupe_key: one.targets[0]?.dedupeKey });
    });
  });

  describe("an event that concerns a user", () => {
    it("makes the orders of all its open cards due, and no other's", async () => {
      const user = fresh("user");
      const open = [await withCard("ACTIVE", user), await withCard("ACTIVE", user), await withCard("INIT", user)];
      const closed = await withCard("CANCELED", user);
      const others = await withCard("ACTIVE");
      const one = event({ providerUserId: user });
      expect(await receive(one)).toBe("stored");
      for (const order of open) expect(await of(order)).toMatchObject([{ provider_card_id: order.providerCardId }]);
      for (const order of [closed, others]) expect(await of(order)).toEqual([]);
      const due = [...(await dueIds("settled")), ...(await dueIds("under_way"))];
      expect(due).toEqual(expect.arrayContaining(open.map(({ id }) => id)));
      expect(due).not.toContain(closed.id);
      expect(due).not.toContain(others.id);
      expect(await waiting()).toEqual([]);
      expect(await receive(one)).toBe("duplicate");
      expect(await waiting()).toEqual([]);
    });

    it("reaches all of many cards, a hundred at a time", async () => {
      const user = fresh("user");
      const orders = [];
      for (let count = 0; count < 101; count++) orders.push(await withCard("ACTIVE", user));
      expect(await receive(event({ providerUserId: user }))).toBe("stored");
      const reached = async () => (await rows(`provider_user_id = '${user}' and order_id is not null`)).length;
      expect(await reached()).toBe(100);
      expect(await waiting()).toHaveLength(1);
      expect(await linkAll()).toBe(1);
      expect(await reached()).toBe(101);
      expect(await waiting()).toEqual([]);
      expect(await dueIds("settled")).toEqual(expect.arrayContaining(orders.map(({ id }) => id)));
    });

    it("waits while none of its cards is known and open", async () => {
      const user = fresh("user");
      await withCard("CANCELED", user);
      expect(await receive(event({ providerUserId: user }))).toBe("unlinked");
      expect(await linkAll()).toBe(0);
      const order = await withCard("ACTIVE", user);
      expect(await linkAll()).toBe(1);
      expect(await of(order)).toHaveLength(1);
      expect(await waiting()).toEqual([]);
    });
  });
});
