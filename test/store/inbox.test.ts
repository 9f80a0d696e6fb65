import { describe, expect, it } from "vitest";
import { callback, described, fresh, onEveryDatabase, orderAt, SERVED } from "./stores.js";

const ALL = 10_000;

onEveryDatabase((stores) => {
  const storedOf = ({ id }: { readonly id: string }) =>
    stores().rows(`select * from inbox where order_id = '${id}' order by id`);
  const isDue = async ({ id }: { readonly id: string }): Promise<boolean> =>
    (await stores().queue.claimDue(SERVED, "under_way", ALL, 60_000)).some(({ order }) => order.id === id);

  describe("a callback", () => {
    it("is stored whole, with its order, and not yet believed", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const event = callback(order);
      expect(await stores().inbox.receive(event)).toBe("stored");
      expect(await storedOf(order)).toEqual([
        {
          id: expect.stringMatching(/^inb_[0-9a-f]{32}$/),
          provider: "PREPAIDIFY",
          order_id: order.id,
          dedupe_key: event.dedupeKey,
          event_type: "CARD_STATUS",
          order_no: order.orderNo,
          provider_card_id: event.providerCardId,
          provider_user_id: null,
          payload: event.payload,
          verdict: null,
          received_at: expect.any(Date),
        },
      ]);
    });

    it("makes its order due at once, and starts its polls anew", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      await stores().rows(`update card_orders set attempts = 7 where id = '${order.id}'`);
      await stores().inbox.receive(callback(order));
      const due = (await stores().queue.claimDue(SERVED, "under_way", ALL, 60_000)).find(
        (one) => one.order.id === order.id,
      );
      expect(due).toMatchObject({ attempts: 1, claimedCardIds: [expect.any(String)] });
    });

    it("that names no order is one of the order whose address it came to; one that names another is not", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      expect(await stores().inbox.receive(callback(order, { orderNo: null }))).toBe("stored");
      expect(await stores().inbox.receive(callback(order, { orderNo: "another" }))).toBe("misdirected");
      expect(await storedOf(order)).toMatchObject([{ verdict: null }, { verdict: "NOT_BELIEVED" }]);
    });

    it("that is early waits for the order's own answer, and then makes the order due", async () => {
      const order = await orderAt(stores(), "SENDING");
      await stores().inbox.receive(callback(order));
      expect(await isDue(order)).toBe(false);
      await stores().orders.apply(order.id, { kind: "unclear", call: 1 });
      expect(await isDue(order)).toBe(true);
    });

    it("that is early makes nothing due when it names no card", async () => {
      const order = await orderAt(stores(), "SENDING");
      await stores().inbox.receive(callback(order, { providerCardId: null }));
      await stores().orders.apply(order.id, { kind: "unclear", call: 1 });
      expect(await isDue(order)).toBe(false);
    });

    it("is stored once of ten times at once", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const event = callback(order);
      const all = await Promise.all(Array.from({ length: 10 }, () => stores().inbox.receive(event)));
      expect(all.filter((outcome) => outcome === "stored")).toHaveLength(1);
      expect(all.filter((outcome) => outcome === "duplicate")).toHaveLength(9);
      expect(await storedOf(order)).toHaveLength(1);
    });

    it("that is a duplicate does not make its order due again", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const event = callback(order);
      await stores().inbox.receive(event);
      expect(await isDue(order)).toBe(true);
      await stores().rows(`update card_orders set next_at = null, lease_until = null where id = '${order.id}'`);
      expect(await stores().inbox.receive(event)).toBe("duplicate");
      expect(await isDue(order)).toBe(false);
    });

    it("has a key of its own for each order", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      const dedupeKey = fresh("shared");
      expect(await stores().inbox.receive(callback(one, { dedupeKey }))).toBe("stored");
      expect(await stores().inbox.receive(callback(two, { dedupeKey }))).toBe("stored");
    });

    it("to an address that is nobody's is stored nowhere", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      for (const stray of [{ token: "guessed" }, { token: "" }, { provider: "PAGSMILE" } as const]) {
        expect(await stores().inbox.receive(callback(order, stray))).toBe("unknown_token");
      }
      expect(await storedOf(order)).toEqual([]);
      expect(await isDue(order)).toBe(false);
    });

    it("is one of a hundred at most: whoever sends more is no provider", async () => {
      const order = await orderAt(stores(), "UNCONFIRMED");
      for (let count = 0; count < 100; count++) {
        expect(await stores().inbox.receive(callback(order, { payload: { count } }))).toBe("stored");
      }
      expect(await isDue(order)).toBe(true);
      await stores().rows(`update card_orders set next_at = null, lease_until = null where id = '${order.id}'`);
      expect(await stores().inbox.receive(callback(order))).toBe("duplicate");
      expect(await storedOf(order)).toHaveLength(100);
      expect(await isDue(order)).toBe(false);
      const other = await orderAt(stores(), "UNCONFIRMED");
      expect(await stores().inbox.receive(callback(other))).toBe("stored");
    });
  });

  it("that finds a hundred takes the place of the oldest that has been confirmed or denied", async () => {
    const order = await orderAt(stores(), "UNCONFIRMED");
    const events = Array.from({ length: 100 }, () => callback(order));
    for (const event of events) await stores().inbox.receive(event);
    const [first, second, third] = await storedOf(order);
    await stores().rows(`update inbox set verdict = 'BELIEVED' where id in ('${second?.id}', '${third?.id}')`);
    expect(await stores().inbox.receive(callback(order, { dedupeKey: events[5]?.dedupeKey ?? "" }))).toBe("duplicate");
    expect((await storedOf(order)).map(({ id }) => id)).toContain(second?.id);
    await stores().rows(`update card_orders set next_at = null, lease_until = null where id = '${order.id}'`);
    const event = callback(order);
    expect(await stores().inbox.receive(event)).toBe("stored");
    expect(await isDue(order)).toBe(true);
    const left = await storedOf(order);
    expect(left).toHaveLength(100);
    expect(left.slice(0, 2).map(({ id }) => id)).toEqual([first?.id, third?.id]);
    expect(left.at(-1)).toMatchObject({ dedupe_key: event.dedupeKey });
  });

  it("callbacks that come while the order moves are stored, each of them, and the order moves", async () => {
    for (let round = 0; round < 10; round++) {
      const order = await orderAt(stores(), "UNCONFIRMED");
      const prv = fresh("prv");
      const callbacks = Array.from({ length: 6 }, () => stores().inbox.receive(callback(order)));
      const moves = (["INIT", "INIT_CREATE_CARD", "ACTIVE"] as const).map((status) =>
        stores().orders.apply(order.id, described(prv, status)),
      );
      const outcomes = await Promise.all([...callbacks, Promise.all(moves)]);
      expect(outcomes.slice(0, 6)).toEqual(Array(6).fill("stored"));
      expect(await storedOf(order)).toHaveLength(6);
    }
  });
});
