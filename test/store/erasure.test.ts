import { expect, it } from "vitest";
import { hindranceOf } from "../../src/domain/erasure.js";
import { SqlErasureStore } from "../../src/store/erasure.js";
import { callback, fresh, onEveryDatabase, orderAt, VAULT } from "./stores.js";

onEveryDatabase((stores) => {
  it("an order that failed may be erased, but not while a callback claims a card for it", async () => {
    const { orders, inbox, database } = stores();
    const customerId = fresh("customer");
    const order = await orderAt(stores(), "SENDING", { request: { customerId } });
    const failure = { code: "PROVIDER_REJECTED", providerCode: "1", field: null } as const;
    await orders.apply(order.id, { kind: "refused", call: 1, failure });
    const hindrance = async () => {
      const stretch = { tenant: null, after: "", limit: 10 };
      const [found] = await new SqlErasureStore(database.db, VAULT).ordersOfCustomer(customerId, stretch);
      return found && hindranceOf(found, true);
    };
    expect(await hindrance()).toBeNull();
    await inbox.receive(callback(order));
    expect(await hindrance()).toBe("moving");
  });
});
