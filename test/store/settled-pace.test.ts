import { expect, it } from "vitest";
import { described, fresh, onEveryDatabase, orderAt, SERVED } from "./stores.js";

const ALL = 10_000;
const LEASE_MS = 60_000;

onEveryDatabase((stores) => {
  it("settled orders that a callback came for go before overdue ones that are only followed", async () => {
    const settled = async (dueAgoMs: number, attempts: number) => {
      const order = await orderAt(stores(), "SENDING");
      await stores().orders.apply(order.id, described(fresh("prv"), "ACTIVE"));
      await stores().rows(`update card_orders set attempts = ${attempts},
        next_at = now() - interval '${dueAgoMs} milliseconds' where id = '${order.id}'`);
      return order;
    };
    await stores().queue.claimDue(SERVED, "settled", ALL, LEASE_MS);
    const followed = [await settled(60_000, 3), await settled(50_000, 1)];
    const named = await settled(1_000, 0);
    const next = async () => (await stores().queue.claimDue(SERVED, "settled", 1, LEASE_MS)).map((due) => due.order.id);
    expect([await next(), await next(), await next()]).toEqual([[named.id], ...followed.map(({ id }) => [id])]);
  });
});
