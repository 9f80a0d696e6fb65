import { describe, expect, it } from "vitest";
import type { DueFacts } from "../../src/domain/due-policy.js";
import { type CardId, systemIds } from "../../src/domain/ids.js";
import type { NewOrder } from "../../src/domain/order-store.js";
import { UNSEALED } from "../../src/domain/personal-data.js";
import { SqlOrderStore } from "../../src/store/orders.js";
import { snapshot } from "../domain/order-facts.js";
import { described, fresh, onEveryDatabase, orderAt } from "./stores.js";

onEveryDatabase((stores) => {
  /** A store that notes what it asks and tells. */
  const watched = () => {
    const asked: DueFacts[] = [];
    const announced: string[] = [];
    const orders = new SqlOrderStore({
      db: stores().database.db,
      vault: UNSEALED,
      ids: systemIds,
      dueAfterMove: (facts) => {
        asked.push(facts);
        return null;
      },
      onAnnounceable: ({ id }) => void announced.push(id),
      spendLimitMinor: null,
    });
    return { orders, asked, announced: () => announced };
  };
  /** What is left to be announced, and owed to the caller's address, oldest first. */
  const leftOf = async ({ id }: NewOrder): Promise<readonly unknown[]> => {
    const rows = await stores().rows(`select e.to_state, d.url from order_events e join outbox o on o.event_id = e.id
      left join deliveries d on d.event_id = e.id where e.order_id = '${id}' order by e.id`);
    return rows.map(({ to_state, url }) => `${to_state} ${url}`);
  };
  const HOOK = "https://hooks.example/cards";

  describe("a change", () => {
    it("that clients can see is left to be announced, and they are told of it at once", async () => {
      const { orders, announced } = watched();
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await orders.apply(order.id, described(prv, "ACTIVE"));
      expect(announced()).toEqual([order.id]);
      await orders.apply(order.id, described(prv, "FREEZE"));
      expect(announced()).toEqual([order.id, order.id]);
      expect(await leftOf(order)).toEqual([`COMPLETED ${HOOK}`, `COMPLETED ${HOOK}`]);
    });

    it("of the order alone is announced just as well", async () => {
      const { orders, announced } = watched();
      const order = await orderAt(stores(), "SENDING");
      await orders.apply(order.id, { kind: "unclear", call: 1 });
      expect(announced()).toEqual([order.id]);
      expect(await leftOf(order)).toEqual([`UNCONFIRMED ${HOOK}`]);
    });

    it("that clients cannot see is kept to ourselves: an order that turns out unsent, or is sent again", async () => {
      const { orders, announced } = watched();
      const unsent = await orderAt(stores(), "SENDING");
      await orders.apply(unsent.id, { kind: "not_sent", call: 1 });
      const resent = await orderAt(stores(), "UNCONFIRMED");
      const before = await leftOf(resent);
      await orders.startSending(resent.id, "resending", 60_000);
      await orders.apply(resent.id, { kind: "unclear", call: 2 });
      expect(announced()).toEqual([]);
      expect(await leftOf(unsent)).toEqual([]);
      expect(await leftOf(resent)).toEqual(before);
    });

    it("that is none leaves nothing, and nobody is told", async () => {
      const { orders, asked, announced } = watched();
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await stores().orders.apply(order.id, described(prv, "ACTIVE"));
      expect(await orders.apply(order.id, described(prv, "ACTIVE"))).toMatchObject({ changed: false });
      expect(await orders.apply(order.id, described(prv, "INIT"))).toMatchObject({ changed: false });
      expect([announced(), asked]).toEqual([[], []]);
      expect(await leftOf(order)).toHaveLength(1);
    });

    it("of the reason for a review alone is written", async () => {
      const { orders } = watched();
      const order = await orderAt(stores(), "UNCONFIRMED");
      await orders.apply(order.id, { kind: "waited_too_long" });
      const odd = described(fresh("prv"), "ACTIVE", { depositMinor: 1 });
      expect(await orders.apply(order.id, odd)).toMatchObject({
        changed: true,
        from: "NEEDS_REVIEW",
        order: { state: "NEEDS_REVIEW", reviewReason: "CARD_MISMATCH" },
      });
    });

    it("by a card that does not fit never gives the order that card", async () => {
      const { orders } = watched();
      const order = await orderAt(stores(), "SENDING");
      const applied = await orders.apply(order.id, described(fresh("prv"), "ACTIVE", { depositMinor: 1 }));
      expect(applied).toMatchObject({ order: { state: "NEEDS_REVIEW", cardId: null }, card: null });
      expect((await orders.byOrderNo(order.tenant, order.orderNo))?.card).toBeNull();
    });
  });

  describe("a change that meets a row which somebody else has written meanwhile", () => {
    /** Applies an answer while the cards that are to be written get these ids, one at each attempt. */
    const applied = async (cardIds: readonly (string | undefined)[]) => {
      const order = await orderAt(stores(), "SENDING");
      let attempts = 0;
      const ids = { ...systemIds, card: () => (cardIds[attempts++] ?? systemIds.card()) as CardId };
      const orders = new SqlOrderStore({
        db: stores().database.db,
        vault: UNSEALED,
        ids,
        dueAfterMove: () => null,
        onAnnounceable: () => undefined,
        spendLimitMinor: null,
      });
      const prv = fresh("prv");
      const outcome = await orders.apply(order.id, described(prv, "ACTIVE")).catch((error: unknown) => error);
      const left = await stores().orders.byOrderNo(order.tenant, order.orderNo);
      return { outcome, attempts, left: `${left?.order.state} ${left?.card ? "with its card" : "without a card"}` };
    };
    const takenId = async () => {
      const { id } = await orderAt(stores(), "SENDING");
      return (await stores().orders.apply(id, described(fresh("prv"), "ACTIVE"))).card?.id;
    };

    it("is made at the next attempt, or at the third", async () => {
      const taken = await takenId();
      for (const inTheWay of [[taken], [taken, taken]]) {
        const { outcome, attempts, left } = await applied(inTheWay);
        expect(outcome).toMatchObject({ changed: true, order: { state: "COMPLETED" } });
        expect([attempts, left]).toEqual([inTheWay.length + 1, "COMPLETED with its card"]);
      }
    });

    it("is given up after the third, and nothing of it is left", async () => {
      const taken = await takenId();
      const { outcome, attempts, left } = await applied([taken, taken, taken, taken]);
      expect(outcome).toMatchObject({ code: "23505" });
      expect([attempts, left]).toEqual([3, "SENDING without a card"]);
    });

    it("is not tried again for any other error", async () => {
      const { outcome, attempts, left } = await applied(["no text for\u0000 a database"]);
      expect(outcome).toMatchObject({ code: "22021" });
      expect([attempts, left]).toEqual([1, "SENDING without a card"]);
    });
  });

  describe("when an order is due after a move", () => {
    const attemptsAfter = async (kind: "not_sent" | "unclear" | "card"): Promise<readonly DueFacts[]> => {
      const { orders, asked } = watched();
      const { id } = await orderAt(stores(), "SENDING");
      await stores().rows(`update card_orders set attempts = 7 where id = '${id}'`);
      await orders.apply(id, kind === "card" ? described(fresh("prv"), "INIT") : { kind, call: 1 });
      expect(await stores().rows(`select attempts from card_orders where id = '${id}'`)).toEqual([
        { attempts: asked[0]?.attempts },
      ]);
      return asked;
    };

    it("is asked for with its new state, its card's, and how often it was taken up in vain", async () => {
      expect(await attemptsAfter("not_sent")).toEqual([{ state: "INTENT", cardStatus: null, attempts: 7 }]);
      expect(await attemptsAfter("unclear")).toEqual([{ state: "UNCONFIRMED", cardStatus: null, attempts: 7 }]);
      expect(await attemptsAfter("card")).toEqual([{ state: "ACCEPTED", cardStatus: "INIT", attempts: 0 }]);
    });
  });

  describe("a person's word", () => {
    it("gives the order the card that the person named, with the note in its history", async () => {
      const { orders } = watched();
      const order = await orderAt(stores(), "UNCONFIRMED");
      await orders.apply(order.id, { kind: "waited_too_long" });
      const card = snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
      const settled = await orders.apply(order.id, { kind: "settled_by_hand", card }, "asked the issuer");
      expect(settled).toMatchObject({ order: { state: "COMPLETED" }, card: { providerCardId: card.providerCardId } });
      const [last] = await stores().rows(
        `select evidence, note from order_events where order_id = '${order.id}' order by id desc limit 1`,
      );
      expect(last).toEqual({ evidence: "settled_by_hand", note: "asked the issuer" });
    });

    it("may confirm the very card that is known, of which nothing new is said", async () => {
      const { orders } = watched();
      const order = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await orders.apply(order.id, described(prv, "ACTIVE"));
      await orders.apply(order.id, described(fresh("prv"), "ACTIVE"));
      const card = snapshot({ providerCardId: prv, status: "ACTIVE" });
      const settled = await orders.apply(order.id, { kind: "settled_by_hand", card });
      expect(settled).toMatchObject({ from: "NEEDS_REVIEW", order: { state: "COMPLETED" } });
      expect(settled.card).toMatchObject({ providerCardId: prv, status: "ACTIVE", orderId: order.id });
    });

    it("never gives it another order's card", async () => {
      const { orders } = watched();
      const [theirs, ours] = [await orderAt(stores(), "SENDING"), await orderAt(stores(), "UNCONFIRMED")];
      const prv = fresh("prv");
      await orders.apply(theirs.id, described(prv, "ACTIVE"));
      await orders.apply(ours.id, { kind: "waited_too_long" });
      const card = snapshot({ providerCardId: prv, status: "ACTIVE" });
      expect(await orders.apply(ours.id, { kind: "settled_by_hand", card })).toMatchObject({ changed: false });
    });
  });
});
