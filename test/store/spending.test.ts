import { describe, expect, it } from "vitest";
import type { NewOrder } from "../../src/domain/order-store.js";
import { SpendLimitReached } from "../../src/domain/spending.js";
import { described, fresh, newOrder, onEveryDatabase, type Stores, storesOver } from "./stores.js";

const LIMIT = 3_000;
const REFUSED = {
  kind: "refused",
  call: 1,
  failure: { code: "KYC_REQUIRED", providerCode: null, field: null },
} as const;

onEveryDatabase((stores) => {
  const limited = (spendLimitMinor = LIMIT): Stores =>
    storesOver(stores().config, stores().database, { spendLimitMinor });
  const orderOf = (tenant: string, amountMinor: number, parts: Partial<NewOrder> = {}): NewOrder =>
    newOrder({ tenant, request: { ...newOrder().request, deposit: { amountMinor, currency: "USD" } }, ...parts });
  /** What counts of a tenant, day by day. */
  const counted = async (tenant: string): Promise<readonly unknown[]> =>
    (await stores().rows(`select ordered_minor as sum from tenant_spending where tenant = '${tenant}'`)).map(
      ({ sum }) => sum,
    );
  const sent = async (order: NewOrder) => {
    await limited().orders.place(order);
    await limited().orders.startSending(order.id, "sending", 60_000);
    return order;
  };

  describe("a tenant's limit", () => {
    it("is what may be ordered in a day, to the last minor unit", async () => {
      const tenant = fresh("tenant");
      await limited().orders.place(orderOf(tenant, 2_000));
      await expect(limited().orders.place(orderOf(tenant, 1_001))).rejects.toThrow(SpendLimitReached);
      expect(await limited().orders.place(orderOf(tenant, 1_000))).toMatchObject({ placed: true });
      await expect(limited().orders.place(orderOf(tenant, 1))).rejects.toThrow(SpendLimitReached);
      expect(await counted(tenant)).toEqual([LIMIT]);
    });

    it("refuses a first order that is too large, and leaves nothing of it", async () => {
      const order = orderOf(fresh("tenant"), LIMIT + 1);
      await expect(limited().orders.place(order)).rejects.toThrow(SpendLimitReached);
      expect(await stores().orders.byOrderNo(order.tenant, order.orderNo)).toBeNull();
      expect(await stores().rows(`select 1 from order_events where order_id = '${order.id}'`)).toEqual([]);
      expect(await counted(order.tenant)).toEqual([]);
    });

    it("is not blamed for what the database refuses for another reason", async () => {
      const unwritable = limited().orders.place(orderOf("no\u0000tenant", 1_000));
      await expect(unwritable).rejects.toSatisfy((error) => !(error instanceof SpendLimitReached));
    });

    it("is each tenant's own, and a sandbox takes nothing of the real one's", async () => {
      const tenant = fresh("tenant");
      await limited().orders.place(orderOf(tenant, LIMIT, { mode: "SANDBOX" }));
      await limited().orders.place(orderOf(tenant, LIMIT));
      expect(await limited().orders.place(orderOf(fresh("tenant"), LIMIT))).toMatchObject({ placed: true });
    });

    it("begins anew with the next day", async () => {
      const tenant = fresh("tenant");
      await limited().orders.place(orderOf(tenant, LIMIT));
      await stores().rows(`update tenant_spending set day = day - 1 where tenant = '${tenant}'`);
      expect(await limited().orders.place(orderOf(tenant, LIMIT))).toMatchObject({ placed: true });
      expect(await counted(tenant)).toEqual([LIMIT, LIMIT]);
    });

    it("never keeps an order that stands from being answered, and counts it once", async () => {
      const order = await sent(orderOf(fresh("tenant"), LIMIT));
      expect(await limited().orders.place({ ...order, id: newOrder().id })).toMatchObject({ placed: false });
      expect(await counted(order.tenant)).toEqual([LIMIT]);
    });

    it("may be lowered and raised: what was ordered stays, and the next order meets the new one", async () => {
      const tenant = fresh("tenant");
      await limited().orders.place(orderOf(tenant, 2_000));
      await expect(limited(1_000).orders.place(orderOf(tenant, 1))).rejects.toThrow(SpendLimitReached);
      expect(await limited(9_000).orders.place(orderOf(tenant, 7_000))).toMatchObject({ placed: true });
    });

    it("leaves alone what was placed while there was none", async () => {
      const order = orderOf(fresh("tenant"), LIMIT);
      await stores().orders.place(order);
      await stores().orders.startSending(order.id, "sending", 60_000);
      await stores().orders.apply(order.id, REFUSED);
      expect(await counted(order.tenant)).toEqual([]);
    });
  });

  describe("an order gives its amount back", () => {
    it("when it was refused", async () => {
      const order = await sent(orderOf(fresh("tenant"), LIMIT));
      await limited().orders.apply(order.id, REFUSED);
      expect(await counted(order.tenant)).toEqual([0]);
      expect(await limited().orders.place(orderOf(order.tenant, LIMIT))).toMatchObject({ placed: true });
    });

    it("when it could never be sent", async () => {
      const order = orderOf(fresh("tenant"), LIMIT);
      await limited().orders.place(order);
      await limited().orders.apply(order.id, { kind: "never_sent" });
      expect(await counted(order.tenant)).toEqual([0]);
    });

    it("when its card could not be opened and was refunded, once", async () => {
      const order = await sent(orderOf(fresh("tenant"), 1_000));
      const undone = described(fresh("prv"), "CREATE_CARD_FAILED_REFUND");
      await limited().orders.apply(order.id, undone);
      await limited().orders.apply(order.id, undone);
      expect(await counted(order.tenant)).toEqual([0]);
    });

    it("to the day that it was placed in", async () => {
      const order = await sent(orderOf(fresh("tenant"), LIMIT));
      await stores().rows(`update card_orders set created_at = created_at - interval '1 day' where id = '${order.id}'`);
      await stores().rows(`update tenant_spending set day = day - 1 where tenant = '${order.tenant}'`);
      await limited().orders.place(orderOf(order.tenant, LIMIT));
      await limited().orders.apply(order.id, REFUSED);
      expect((await counted(order.tenant)).toSorted()).toEqual([0, LIMIT]);
    });
  });

  describe("an order keeps its amount", () => {
    it.each(["UNCONFIRMED", "NEEDS_REVIEW"])("while it is %s", async (state) => {
      const order = await sent(orderOf(fresh("tenant"), LIMIT));
      await limited().orders.apply(order.id, { kind: "unclear", call: 1 });
      if (state === "NEEDS_REVIEW") await limited().orders.apply(order.id, { kind: "waited_too_long" });
      expect((await stores().orders.byOrderNo(order.tenant, order.orderNo))?.order.state).toBe(state);
      expect(await counted(order.tenant)).toEqual([LIMIT]);
    });

    it("until a person has found that nothing came of it", async () => {
      const order = await sent(orderOf(fresh("tenant"), LIMIT));
      await limited().orders.apply(order.id, { kind: "unclear", call: 1 });
      await limited().orders.apply(order.id, { kind: "waited_too_long" });
      await stores().orders.apply(order.id, { kind: "settled_by_hand", card: null }, "asked the provider");
      expect(await counted(order.tenant)).toEqual([0]);
    });

    it("and takes it again, beyond the limit too, when a refusal turns out to be wrong", async () => {
      const order = await sent(orderOf(fresh("tenant"), 1_000));
      await limited().orders.apply(order.id, REFUSED);
      await limited().orders.place(orderOf(order.tenant, LIMIT));
      const { order: contradicted } = await limited().orders.apply(order.id, described(fresh("prv"), "ACTIVE"));
      expect(contradicted.state).toBe("NEEDS_REVIEW");
      expect(await counted(order.tenant)).toEqual([LIMIT + 1_000]);
      await expect(limited().orders.place(orderOf(order.tenant, 1))).rejects.toThrow(SpendLimitReached);
    });
  });
});
