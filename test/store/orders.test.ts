import { describe, expect, it } from "vitest";
import { systemIds } from "../../src/domain/ids.js";
import { snapshot } from "../domain/order-facts.js";
import { described, fresh, newOrder, onEveryDatabase, orderAt } from "./stores.js";

const TWENTY = Array.from({ length: 20 });
const REFUSED = {
  kind: "refused",
  call: 1,
  failure: { code: "KYC_REQUIRED", providerCode: "300004", field: ["cardHolder", "firstName"] },
} as const;

onEveryDatabase((stores) => {
  const eventsOf = async (id: string): Promise<readonly string[]> => {
    const rows = await stores().rows(`select * from order_events where order_id = '${id}' order by id`);
    return rows.map((row) => `${row.evidence} ${row.from_state}>${row.to_state} ${row.card_status ?? "-"}`);
  };

  describe("placing an order", () => {
    it("commits the intent, whole", async () => {
      const order = newOrder();
      const placed = await stores().orders.place(order);
      const found = await stores().orders.byOrderNo(order.tenant, order.orderNo);
      expect(placed).toMatchObject({ placed: true, card: null });
      expect(found).toEqual({ order: placed.order, card: null });
      const nothing = {
        state: "INTENT",
        sends: 0,
        lastCall: 0,
        mayResend: true,
        isErased: false,
        reviewReason: null,
        failure: null,
        cardId: null,
      };
      const { by: _, ...kept } = order;
      expect(placed.order).toEqual({ ...kept, ...nothing, createdAt: expect.any(Date), updatedAt: expect.any(Date) });
    });

    it("keeps what was not given as nothing", async () => {
      const nothing = { cardHolder: null, email: null, customerId: null, callbackUrl: null };
      const order = newOrder({ request: { ...newOrder().request, ...nothing } });
      expect((await stores().orders.place(order)).order.request).toMatchObject(nothing);
    });

    it("gives the earlier order for a number that was used before, as it stands now", async () => {
      const first = await orderAt(stores(), "UNCONFIRMED");
      const second = newOrder({ orderNo: first.orderNo, fingerprint: "another" });
      const again = await stores().orders.place(second);
      expect(again).toMatchObject({ placed: false, order: { id: first.id, fingerprint: "fingerprint" } });
      expect(again.order.state).toBe("UNCONFIRMED");
    });

    it("places one of twenty that come at once", async () => {
      const orderNo = fresh("order");
      const all = await Promise.all(TWENTY.map(() => stores().orders.place(newOrder({ orderNo }))));
      expect(all.filter(({ placed }) => placed)).toHaveLength(1);
      expect(new Set(all.map(({ order }) => order.id)).size).toBe(1);
    });

    it("keeps tenants apart", async () => {
      const { orders } = stores();
      const ours = await orderAt(stores(), "INTENT");
      expect(await orders.byOrderNo("tenant-b", ours.orderNo)).toBeNull();
      expect(await orders.byIds("tenant-b", [ours.id])).toEqual([]);
      const theirs = newOrder({ tenant: "tenant-b", orderNo: ours.orderNo, provider: "PAGSMILE" });
      expect(await orders.place(theirs)).toMatchObject({ placed: true, order: { id: theirs.id } });
      expect((await orders.byOrderNo(ours.tenant, ours.orderNo))?.order.id).toBe(ours.id);
      const found = await orders.byOrderNos(ours.tenant, [ours.orderNo, "no-such-order", ours.orderNo]);
      expect(found.map(({ order }) => order.id)).toEqual([ours.id]);
      expect(await orders.byOrderNos("tenant-c", [ours.orderNo])).toEqual([]);
    });

    it("never gives a provider a number that another tenant has given it, and never shows whose it is", async () => {
      const ours = await orderAt(stores(), "INTENT");
      const place = stores().orders.place(newOrder({ tenant: "tenant-b", orderNo: ours.orderNo }));
      await expect(place).rejects.toThrow("another tenant's");
    });

    it("keeps an amount to the last cent, and throws rather than round one that is too large", async () => {
      const amountMinor = Number.MAX_SAFE_INTEGER;
      const order = newOrder({ request: { ...newOrder().request, deposit: { amountMinor, currency: "USD" } } });
      expect((await stores().orders.place(order)).order.request.deposit.amountMinor).toBe(amountMinor);
      await stores().rows(`update card_orders set deposit_minor = 9007199254740993 where id = '${order.id}'`);
      await expect(stores().orders.byOrderNo(order.tenant, order.orderNo)).rejects.toThrow("not a safe integer");
      const huge = newOrder({ request: { ...newOrder().request, deposit: { amountMinor: 0, currency: "USD" } } });
      await expect(stores().orders.place(huge)).rejects.toThrow();
    });
  });

  describe("sending an order", () => {
    it("begins once, whoever begins it", async () => {
      const order = await orderAt(stores(), "INTENT");
      const begun = await Promise.all(TWENTY.map(() => stores().orders.startSending(order.id, "sending", 60_000)));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await eventsOf(order.id)).toEqual(["placed null>INTENT -", "sending INTENT>SENDING -"]);
    });

    it("does not begin for an order that was sent, or that is not there", async () => {
      const sent = await orderAt(stores(), "UNCONFIRMED");
      expect(await stores().orders.startSending(sent.id, "sending", 60_000)).toBeNull();
      expect(await stores().orders.startSending(systemIds.order(), "sending", 60_000)).toBeNull();
    });

    it("may begin again after a call of which no byte left", async () => {
      const order = await orderAt(stores(), "SENDING");
      expect((await stores().orders.apply(order.id, { kind: "not_sent", call: 1 })).order.state).toBe("INTENT");
      expect(await stores().orders.startSending(order.id, "sending", 60_000)).toBe(2);
    });

    it("is not undone by what is said of an earlier call, however late or often", async () => {
      const order = await orderAt(stores(), "SENDING");
      await stores().orders.apply(order.id, { kind: "not_sent", call: 1 });
      await stores().orders.startSending(order.id, "sending", 60_000);
      for (const kind of ["not_sent", "unclear"] as const) {
        expect(await stores().orders.apply(order.id, { kind, call: 1 })).toMatchObject({
          changed: false,
          order: { state: "SENDING", sends: 1, lastCall: 2 },
        });
      }
    });

    it("is confirmed to the provider for as long as it lasts, and to that provider only", async () => {
      const { orders } = stores();
      const order = await orderAt(stores(), "INTENT");
      expect(await orders.isSending("PREPAIDIFY", order.orderNo)).toBe(false);
      await orders.startSending(order.id, "sending", 60_000);
      expect(await orders.isSending("PREPAIDIFY", order.orderNo)).toBe(true);
      expect(await orders.isSending("PAGSMILE", order.orderNo)).toBe(false);
      await orders.apply(order.id, { kind: "unclear", call: 1 });
      expect(await orders.isSending("PREPAIDIFY", order.orderNo)).toBe(false);
    });
  });

  describe("moving an order", () => {
    it("commits the change, its card, its cardholder and its event together", async () => {
      const order = await orderAt(stores(), "SENDING");
      const applied = await stores().orders.apply(order.id, described(fresh("prv"), "ACTIVE", { last4: "1111" }));
      expect(applied).toMatchObject({ changed: true, from: "SENDING", order: { state: "COMPLETED" } });
      expect(applied.card).toMatchObject({ last4: "1111", status: "ACTIVE", orderId: order.id, tenant: order.tenant });
      const found = await stores().orders.byOrderNo(order.tenant, order.orderNo);
      expect(found?.card).toMatchObject({ ...applied.card });
      expect(found?.order.cardId).toBe(applied.card?.id);
      expect(await eventsOf(order.id)).toEqual([
        "placed null>INTENT -",
        "sending INTENT>SENDING -",
        "poll SENDING>COMPLETED ACTIVE",
      ]);
    });

    it("happens once of twenty times at once", async () => {
      const order = await orderAt(stores(), "SENDING");
      const evidence = described(fresh("prv"), "ACTIVE");
      const all = await Promise.all(TWENTY.map(() => stores().orders.apply(order.id, evidence)));
      const found = await stores().orders.byOrderNo(order.tenant, order.orderNo);
      expect(found?.order).toMatchObject({ state: "COMPLETED", reviewReason: null });
      expect(all.filter(({ changed }) => changed)).toHaveLength(1);
      expect(new Set(all.map(({ card }) => card?.id)).size).toBe(1);
      const [count] = await stores().rows(`select count(*)::int as n from cards where order_id = '${order.id}'`);
      expect([count?.n, (await eventsOf(order.id)).length]).toEqual([1, 3]);
    });

    it("ends in review when a refusal and a card come at once, whichever is first", async () => {
      const order = await orderAt(stores(), "SENDING");
      const { orders } = stores();
      const card = described(fresh("prv"), "ACTIVE");
      await Promise.all([orders.apply(order.id, REFUSED), orders.apply(order.id, card)]);
      const found = await orders.byOrderNo(order.tenant, order.orderNo);
      expect(found?.order).toMatchObject({ state: "NEEDS_REVIEW", reviewReason: "CONTRADICTION" });
    });

    it("changes nothing on late news, not even the event list", async () => {
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      const active = await stores().orders.apply(order.id, described(prv, "ACTIVE"));
      const late = await stores().orders.apply(order.id, described(prv, "INIT", { last4: "9999" }));
      expect(late).toMatchObject({ changed: false, from: "COMPLETED", card: { status: "ACTIVE", last4: null } });
      expect(late.order).toEqual(active.order);
      expect(await eventsOf(order.id)).toHaveLength(3);
    });

    it("keeps a refusal with its code and its field", async () => {
      const order = await orderAt(stores(), "SENDING");
      await stores().orders.apply(order.id, REFUSED);
      const found = await stores().orders.byOrderNo(order.tenant, order.orderNo);
      expect(found?.order).toMatchObject({ state: "FAILED", failure: REFUSED.failure });
    });

    it("gives a card to one order only, even when two claim it at once", async () => {
      const { orders } = stores();
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      const claim = described(fresh("prv"), "ACTIVE");
      await Promise.allSettled([orders.apply(one.id, claim), orders.apply(two.id, claim)]);
      const owners = await stores().rows(
        `select order_id from cards where provider_card_id = '${claim.card.providerCardId}'`,
      );
      expect(owners).toHaveLength(1);
      const loser = owners[0]?.order_id === one.id ? two : one;
      expect((await orders.byOrderNo(loser.tenant, loser.orderNo))?.order.state).not.toBe("COMPLETED");
      const callbackClaim = { ...claim, source: "callback" } as const;
      const third = await orderAt(stores(), "UNCONFIRMED");
      expect(await orders.apply(third.id, callbackClaim)).toMatchObject({ changed: false, card: null });
    });

    it("is an error for an order that is not there", async () => {
      await expect(stores().orders.apply(systemIds.order(), { kind: "unclear", call: 1 })).rejects.toThrow(
        "does not exist",
      );
    });
  });

  describe("what is known of a card", () => {
    it("is never replaced by nothing", async () => {
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      const openedAt = new Date("2026-01-02T03:04:05.000Z");
      const full = {
        ...{ providerUserId: "user-1", cardSeqNo: "seq-1", statusText: "Active", openedAt, tags: ["a", "b"] },
        ...{ bin: "411111", last4: "1111", expMonth: 12, expYear: 2029, consumeMinor: 250, balanceMinor: 750 },
        cardHolder: { ...snapshot().cardHolder, firstName: "Leon", city: "Atlanta", providerCardHolderId: "holder-1" },
      };
      await stores().orders.apply(order.id, described(prv, "ACTIVE", full));
      const holder = { ...snapshot().cardHolder, street: "1 Main St" };
      const bare = described(prv, "FREEZE", { consumeMinor: 300, customerId: null, cardHolder: holder });
      const { card } = await stores().orders.apply(order.id, bare);
      const expected = {
        ...full,
        status: "FREEZE",
        consumeMinor: 300,
        balanceMinor: 0,
        tags: [],
        customerId: "customer-1",
      };
      expect(card).toMatchObject({ ...expected, cardHolder: { ...full.cardHolder, street: "1 Main St" } });
      const [read] = await stores().cards.byIds(order.tenant, card ? [card.id] : []);
      expect(read).toMatchObject({ ...card });
    });

    it("stays what was last understood when a status nobody knows comes", async () => {
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await stores().orders.apply(order.id, described(prv, "ACTIVE"));
      const odd = await stores().orders.apply(order.id, described(prv, "UNRECOGNIZED", { providerStatus: "ODD" }));
      expect(odd).toMatchObject({
        order: { state: "COMPLETED" },
        card: { status: "UNRECOGNIZED", providerStatus: "ODD" },
      });
      const late = await stores().orders.apply(order.id, described(prv, "INIT"));
      expect(late).toMatchObject({ changed: false, order: { state: "COMPLETED" }, card: { status: "UNRECOGNIZED" } });
    });
  });
});
