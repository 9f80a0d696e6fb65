import { beforeAll, describe, expect, it } from "vitest";
import { CARD_FIELDS, type Card, type CardField, type CardFields } from "../../src/domain/card-record.js";
import type { CardStatus } from "../../src/domain/card-status.js";
import type { CardFilter } from "../../src/domain/card-store.js";
import { systemIds } from "../../src/domain/ids.js";
import type { Page } from "../../src/domain/page.js";
import { described, fresh, newOrder, onEveryDatabase, orderAt } from "./stores.js";

const TENANT = "tenant-of-the-list";
/** Status, customer and provider of the cards of the list, oldest first. */
const CARDS = [
  ["INIT", "customer-1", "PREPAIDIFY"],
  ["ACTIVE", "customer-1", "PREPAIDIFY"],
  ["ACTIVE", "customer-2", "PREPAIDIFY"],
  ["FREEZE", null, "PREPAIDIFY"],
  ["ACTIVE", "customer-1", "PAGSMILE"],
] as const;

const WHOLE: CardFields = new Set(CARD_FIELDS);

onEveryDatabase((stores) => {
  let cards: readonly Card[] = [];
  const placesOf = (found: readonly Pick<Card, "id">[]): readonly number[] =>
    found.map(({ id }) => cards.findIndex((card) => card.id === id));
  const list = async (page: Partial<Page> = {}, filter: CardFilter = {}, tenant = TENANT): Promise<readonly number[]> =>
    placesOf(await stores().cards.list(tenant, { first: 100, after: null, ...page }, filter, WHOLE));

  const openCard = async (
    tenant: string,
    status: CardStatus,
    customerId: string | null,
    provider: Card["provider"],
  ) => {
    const request = { ...newOrder().request, customerId };
    const order = await orderAt(stores(), "SENDING", { tenant, provider, request });
    const { card } = await stores().orders.apply(order.id, described(fresh("prv"), status, { customerId }));
    if (!card) throw new Error("no card");
    return card;
  };

  beforeAll(async () => {
    const made: Card[] = [];
    for (const [status, customerId, provider] of CARDS) made.push(await openCard(TENANT, status, customerId, provider));
    cards = made;
    await openCard("tenant-b", "ACTIVE", "customer-1", "PREPAIDIFY");
  });

  describe("the list of cards", () => {
    it("is newest first, of one tenant only", async () => {
      expect(await list()).toEqual([4, 3, 2, 1, 0]);
      expect(await list({}, {}, "tenant-c")).toEqual([]);
      expect(await list({}, {}, "tenant-b")).toEqual([-1]);
    });

    it("gives one more than asked for, so that it is seen whether more follow", async () => {
      expect(await list({ first: 2 })).toEqual([4, 3, 2]);
      expect(await list({ first: 4 })).toEqual([4, 3, 2, 1, 0]);
      expect(await list({ first: 5 })).toEqual([4, 3, 2, 1, 0]);
    });

    it("goes on after a card, even one that another tenant has, and shows each card once", async () => {
      expect(await list({ first: 2, after: cards[2]?.id ?? "" })).toEqual([1, 0]);
      expect(await list({ after: cards[0]?.id ?? "" })).toEqual([]);
      expect(await list({ after: "card_zzz" })).toEqual([4, 3, 2, 1, 0]);
    });

    it.each<readonly [string, CardFilter, readonly number[]]>([
      ["a provider", { provider: "PREPAIDIFY" }, [3, 2, 1, 0]],
      ["states", { statuses: ["INIT", "FREEZE"] }, [3, 0]],
      ["no state at all", { statuses: [] }, []],
      ["a customer", { customerId: "customer-1" }, [4, 1, 0]],
      ["everything", { provider: "PREPAIDIFY", statuses: ["ACTIVE"], customerId: "customer-1" }, [1]],
      ["nulls, which narrow nothing", { provider: null, statuses: null, customerId: null }, [4, 3, 2, 1, 0]],
      ["a customer whose name is SQL", { customerId: "' or '1'='1" }, []],
    ])("is narrowed by %s", async (_name, filter, places) => expect(await list({}, filter)).toEqual(places));

    it.each<readonly [string, readonly CardField[]]>([
      ["nothing", []],
      ["all", CARD_FIELDS],
      ...CARD_FIELDS.map((field) => [`only ${field}`, [field]] as const),
      ["all but the cardholder", CARD_FIELDS.filter((field) => field !== "cardHolder")],
    ])("has of each card what is asked for, and one by its id has the same: %s", async (_name, fields) => {
      const [whole] = await stores().cards.byIds(TENANT, [cards[1]?.id as Card["id"]]);
      const shown = Object.fromEntries(
        ["id" as const, "status" as const, ...fields].map((field) => [field, whole?.[field]]),
      );
      const listed = await stores().cards.list(TENANT, { first: 100, after: null }, {}, new Set(fields));
      expect(listed.find(({ id }) => id === whole?.id)).toEqual(shown);
      expect(await stores().cards.shown(TENANT, whole?.id as Card["id"], new Set(fields))).toEqual(shown);
      expect(await stores().cards.shown("another tenant", whole?.id as Card["id"], new Set(fields))).toBeNull();
    });

    it("is the same however many selections of fields clients have", async () => {
      const wanted = cards[1]?.id as Card["id"];
      const [whole] = await stores().cards.byIds(TENANT, [wanted]);
      for (let drop = 0; drop < CARD_FIELDS.length; drop += 1) {
        for (let more = 0; more < 6; more += 1) {
          const fields = CARD_FIELDS.filter((_, index) => index !== drop && index !== (drop + more + 1) % 21);
          const shown = await stores().cards.shown(TENANT, wanted, new Set(fields));
          for (const field of fields) expect(shown?.[field]).toEqual(whole?.[field]);
        }
      }
    });

    it("takes a filter and a cursor together", async () => {
      expect(await list({ first: 1, after: cards[4]?.id ?? "" }, { customerId: "customer-1" })).toEqual([1, 0]);
    });
  });

  describe("cards by their ids", () => {
    it("are those of the tenant, whole", async () => {
      const [first] = cards;
      if (!first) throw new Error("no card");
      const [found, ...more] = await stores().cards.byIds(TENANT, [first.id, first.id, systemIds.card()]);
      expect(found).toMatchObject({ ...first });
      expect(more).toEqual([]);
      expect(await stores().cards.byIds("tenant-b", [first.id])).toEqual([]);
      expect(await stores().cards.byIds(TENANT, [])).toEqual([]);
    });

    it("come with the holders of the tenant's, who are found by their own ids too", async () => {
      const holders = cards.slice(0, 2).map(({ cardHolder }) => cardHolder);
      const ids = [...holders, ...holders].map(({ id }) => id);
      const byId = (one: { id: string }, other: { id: string }): number => one.id.localeCompare(other.id);
      const found = await stores().cards.holdersByIds(TENANT, [...ids, systemIds.cardHolder()]);
      expect([...found].sort(byId)).toEqual([...holders].sort(byId));
      expect(await stores().cards.holdersByIds("tenant-b", ids)).toEqual([]);
    });

    it("have amounts as numbers, times as dates and labels as a list", async () => {
      const card = await openCard(TENANT, "ACTIVE", "customer-9", "PREPAIDIFY");
      expect(typeof card.depositMinor).toBe("number");
      const [read] = await stores().cards.byIds(TENANT, [card.id]);
      expect([typeof read?.depositMinor, read?.createdAt instanceof Date, read?.tags]).toEqual(["number", true, []]);
    });
  });
});
