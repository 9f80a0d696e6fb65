import { describe, expect, it } from "vitest";
import type { NewOrder } from "../../src/domain/order-store.js";
import { described, fresh, onEveryDatabase, orderAt } from "./stores.js";

onEveryDatabase((stores) => {
  const viewOf = async ({ tenant, orderNo }: NewOrder) => {
    const view = await stores().orders.byOrderNo(tenant, orderNo);
    if (!view) throw new Error("no such order");
    return view;
  };
  const standing = async (order: NewOrder): Promise<string> => {
    const { order: found, card } = await viewOf(order);
    const reason = found.reviewReason ? ` (${found.reviewReason})` : "";
    return `${found.state}${reason} ${card?.providerCardId ?? "-"}`;
  };
  const says = (order: NewOrder, source: "answer" | "callback" | "poll", prv: string, status = "ACTIVE" as const) =>
    stores().orders.apply(order.id, { ...described(prv, status), source });

  describe("a card that two orders claim", () => {
    it("is nobody's until a person looks, when a callback gave it to the one and an answer to the other", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "SENDING")];
      const prv = fresh("prv");
      await says(one, "callback", prv);
      expect(await standing(one)).toBe(`COMPLETED ${prv}`);
      const { besides } = await says(two, "answer", prv);
      expect(besides).toMatchObject({ changed: true, from: "COMPLETED", order: { id: one.id } });
      expect(await standing(one)).toBe(`NEEDS_REVIEW (CARD_MISMATCH) ${prv}`);
      expect(await standing(two)).toBe("NEEDS_REVIEW (CARD_MISMATCH) -");
    });

    it("is in doubt just as much when callbacks gave it to both", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      const prv = fresh("prv");
      await says(one, "callback", prv);
      await says(two, "callback", prv);
      expect(await standing(one)).toBe(`NEEDS_REVIEW (CARD_MISMATCH) ${prv}`);
      expect(await standing(two)).toBe("UNCONFIRMED -");
    });

    it("is in doubt when the other order is in review because of a card that it was given wrongly", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      const three = await orderAt(stores(), "SENDING");
      const [wrong, right] = [fresh("prv"), fresh("prv")];
      await says(two, "callback", wrong);
      await says(three, "answer", wrong);
      await says(one, "callback", right);
      expect(await standing(two)).toBe(`NEEDS_REVIEW (CARD_MISMATCH) ${wrong}`);
      await says(two, "callback", right);
      expect(await standing(one)).toBe(`NEEDS_REVIEW (CARD_MISMATCH) ${right}`);
      expect(await standing(two)).toBe(`NEEDS_REVIEW (CARD_MISMATCH) ${wrong}`);
    });

    it("is not put in doubt by an order that has come to rest on a card of its own", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "SENDING")];
      const [first, second] = [fresh("prv"), fresh("prv")];
      await says(one, "callback", first);
      await says(two, "answer", second);
      await says(two, "callback", first);
      expect([await standing(one), await standing(two)]).toEqual([`COMPLETED ${first}`, `COMPLETED ${second}`]);
    });

    it("stays with the order whose own answer named it, whatever is claimed of another", async () => {
      const [one, two] = [await orderAt(stores(), "SENDING"), await orderAt(stores(), "UNCONFIRMED")];
      const prv = fresh("prv");
      await says(one, "answer", prv);
      await says(two, "callback", prv);
      expect([await standing(one), await standing(two)]).toEqual([`COMPLETED ${prv}`, "UNCONFIRMED -"]);
    });

    it("is not put in doubt by a claim that does not fit", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      const prv = fresh("prv");
      await says(one, "callback", prv);
      const unfitting = { ...described(prv, "ACTIVE", { depositMinor: 999 }), source: "callback" } as const;
      await stores().orders.apply(two.id, unfitting);
      expect(await standing(one)).toBe(`COMPLETED ${prv}`);
    });

    it("is given by a person to the one whose it is, and the other is left without", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "SENDING")];
      const prv = fresh("prv");
      await says(one, "callback", prv);
      await says(two, "answer", prv);
      const { card } = described(prv, "ACTIVE");
      const byHand = await stores().orders.apply(two.id, { kind: "settled_by_hand", card }, "it is this one's");
      expect(byHand).toMatchObject({ from: "NEEDS_REVIEW", card: { providerCardId: prv, orderId: two.id } });
      const history = `select evidence from order_events where order_id = '${two.id}' and card_changed`;
      expect(await stores().rows(history)).toEqual([{ evidence: "settled_by_hand" }]);
      expect([await standing(one), await standing(two)]).toEqual([
        "NEEDS_REVIEW (CARD_MISMATCH) -",
        `COMPLETED ${prv}`,
      ]);
      await stores().orders.apply(one.id, { kind: "settled_by_hand", card: null }, "there is none");
      expect(await standing(one)).toBe("FAILED -");
      expect(await stores().rows(`select count(*)::int as n from cards where provider_card_id = '${prv}'`)).toEqual([
        { n: 1 },
      ]);
    });

    it("leaves the tenant who had it for the one whose it is, with all that is known of its holder", async () => {
      const one = await orderAt(stores(), "UNCONFIRMED", { tenant: "tenant-a" });
      const two = await orderAt(stores(), "SENDING", { tenant: "tenant-b" });
      const prv = fresh("prv");
      await says(one, "callback", prv);
      await says(two, "answer", prv);
      const { card } = described(prv, "ACTIVE");
      const { card: given } = await stores().orders.apply(two.id, { kind: "settled_by_hand", card }, "it is theirs");
      if (!given) throw new Error("no card was given");
      const { cards } = stores();
      const seenBy = async (tenant: string) => [
        ...(await cards.byIds(tenant, [given.id])),
        ...(await cards.holdersByIds(tenant, [given.cardHolder.id])),
      ];
      expect(await seenBy("tenant-a")).toEqual([]);
      expect(await seenBy("tenant-b")).toMatchObject([
        { id: given.id, tenant: "tenant-b", orderId: two.id, cardHolder: { ...card.cardHolder } },
        { ...card.cardHolder },
      ]);
    });

    it("is taken by a person from an order that has it on a callback's word alone", async () => {
      const [one, two] = [await orderAt(stores(), "UNCONFIRMED"), await orderAt(stores(), "UNCONFIRMED")];
      const prv = fresh("prv");
      await says(one, "callback", prv);
      const { card } = described(prv, "ACTIVE");
      await stores().orders.apply(two.id, { kind: "settled_by_hand", card }, "too early: nobody asked for a person");
      expect(await standing(one)).toBe(`COMPLETED ${prv}`);
      await stores().orders.apply(two.id, { kind: "waited_too_long" });
      const unfitting = described(prv, "ACTIVE", { depositMinor: 999 }).card;
      await stores().orders.apply(two.id, { kind: "settled_by_hand", card: unfitting }, "it cannot be this one");
      expect(await standing(one)).toBe(`COMPLETED ${prv}`);
      const byHand = await stores().orders.apply(two.id, { kind: "settled_by_hand", card }, "the provider says so");
      expect(byHand.besides).toMatchObject({ changed: true, from: "COMPLETED", order: { id: one.id } });
      expect([await standing(one), await standing(two)]).toEqual([
        "NEEDS_REVIEW (CARD_MISMATCH) -",
        `COMPLETED ${prv}`,
      ]);
    });

    it("is not taken from an order that nobody doubts, not even by a person", async () => {
      const [one, two] = [await orderAt(stores(), "SENDING"), await orderAt(stores(), "UNCONFIRMED")];
      const prv = fresh("prv");
      await says(one, "answer", prv);
      await stores().orders.apply(two.id, { kind: "waited_too_long" });
      const { card } = described(prv, "ACTIVE");
      const byHand = await stores().orders.apply(two.id, { kind: "settled_by_hand", card }, "I think it is this one's");
      expect(byHand.changed).toBe(false);
      expect(await standing(one)).toBe(`COMPLETED ${prv}`);
    });
  });
});
