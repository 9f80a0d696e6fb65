import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardContactsDocument,
  type CardContactsQueryVariables,
  CardOrdersDocument,
  type CardOrdersQueryVariables,
  CardsDocument,
  CreateCardContactDocument,
} from "../generated/graphql.js";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let orders: CardOrders;
beforeAll(async () => {
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "20" } });
  orders = cardOrdersOf(server, "list");
  for (let index = 0; index < 6; index++) {
    const { orderNo } = await orders.place({ customerId: index % 2 === 0 ? "even" : "odd" });
    await orders.reaches(orderNo, "COMPLETED");
  }
  const { orderNo } = await orders.place({ customerId: "even" }, { kind: "fail-and-refund" });
  await orders.reaches(orderNo, "FAILED");
  for (let index = 0; index < 5; index++) await createContact(`person-${index}@person.example`);
});
afterAll(() => server.close());

async function createContact(email: string): Promise<void> {
  const input = { firstName: "Leon", lastName: "Smith", mobile: "+861234789999", email };
  const { createCardContact } = await server.ask(CreateCardContactDocument, { input });
  expect(createCardContact.userErrors).toEqual([]);
}
const listOrders = async (variables: CardOrdersQueryVariables = {}) =>
  (await server.ask(CardOrdersDocument, variables)).cardOrders;
const listContacts = async (variables: CardContactsQueryVariables = {}) =>
  (await server.ask(CardContactsDocument, variables)).cardContacts;
const orderNosOf = (page: Awaited<ReturnType<typeof listOrders>>) => page.edges.map(({ node }) => node.orderNo);
const emailsOf = (page: Awaited<ReturnType<typeof listContacts>>) => page.edges.map(({ node }) => node.email);

describe("the list of orders", () => {
  it("comes newest first, each with its card", async () => {
    const page = await listOrders();
    expect(orderNosOf(page)).toEqual([7, 6, 5, 4, 3, 2, 1].map((index) => `list-${index}`));
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    expect(page.edges.map(({ node }) => node.card?.status)).toEqual([
      "CREATE_CARD_FAILED_REFUND",
      ...Array(6).fill("ACTIVE"),
    ]);
  });

  it("is narrowed by state, customer and provider, and by all of them at once", async () => {
    expect(orderNosOf(await listOrders({ filter: { state: "FAILED" } }))).toEqual(["list-7"]);
    expect(orderNosOf(await listOrders({ filter: { customerId: "odd" } }))).toEqual(["list-6", "list-4", "list-2"]);
    expect(orderNosOf(await listOrders({ filter: { provider: "PAGSMILE" } }))).toEqual([]);
    const filter = { state: "COMPLETED", customerId: "even", provider: "PREPAIDIFY" } as const;
    expect(orderNosOf(await listOrders({ filter }))).toEqual(["list-5", "list-3", "list-1"]);
    expect(orderNosOf(await listOrders({ filter: { state: "PENDING" } }))).toEqual([]);
  });

  it("shows an order of which nothing is known yet as UNCONFIRMED, and without a card", async () => {
    const { orderNo } = await orders.place({ customerId: "lost" }, { kind: "reset-before-accept" });
    const page = await listOrders({ filter: { state: "UNCONFIRMED", customerId: "lost" } });
    expect(page.edges.map(({ node }) => [node.orderNo, node.card])).toEqual([[orderNo, null]]);
  });

  it("goes on without gap or repeat while orders are placed", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listOrders>> = await listOrders({ first: 2, after });
      seen.push(...orderNosOf(page));
      await orders.place({ customerId: "late" });
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after);
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map((index) => `list-${index}`));
  });

  it("may be resumed at any edge, and says that something came before", async () => {
    const whole = await listOrders({ filter: { customerId: "odd" } });
    const page = await listOrders({ first: 1, after: whole.edges[0]?.cursor ?? "", filter: { customerId: "odd" } });
    expect(orderNosOf(page)).toEqual(["list-4"]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(page.pageInfo.startCursor).toBe(whole.edges[1]?.cursor);
  });
});

describe("the list of contacts", () => {
  it("comes newest first and goes on without gap or repeat while contacts are made", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listContacts>> = await listContacts({ first: 2, after });
      seen.push(...emailsOf(page));
      await createContact("late@person.example");
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((index) => `person-${index}@person.example`));
  });

  it("is narrowed by provider", async () => {
    expect((await listContacts({ filter: { provider: "PAGSMILE" } })).edges.length).toBeGreaterThan(4);
    expect(await listContacts({ filter: { provider: "PREPAIDIFY" } })).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
    });
  });

  it("leaves out one that may not have been made", async () => {
    server.pagsmile.script({ kind: "server-error" });
    const before = (await listContacts()).edges.length;
    const input = { firstName: "Leon", lastName: "Smith", mobile: "+861234789999", email: "no@person.example" };
    const { createCardContact } = await server.ask(CreateCardContactDocument, {
      input: { ...input, idempotencyKey: "unclear" },
    });
    expect(createCardContact.contact).toBeNull();
    expect((await listContacts()).edges.length).toBe(before);
  });
});

describe("a range of times", () => {
  const LISTS = [
    ["cards", async (filter: object) => (await server.ask(CardsDocument, { first: 100, filter })).cards],
    ["cardOrders", (filter: object) => listOrders({ first: 100, filter })],
    ["cardContacts", (filter: object) => listContacts({ first: 100, filter })],
  ] as const;

  it.each(LISTS)("of %s holds its first moment and not its last", async (_name, list) => {
    const all = (await list({})).edges.map(({ node }) => node);
    const [from = "", before = ""] = [all[3], all[1]].map((node) => node?.createdAt);
    const wanted = all.filter(({ createdAt }) => createdAt >= from && createdAt < before).map(({ id }) => id);
    const found = await list({ createdFrom: from, createdBefore: before });
    expect(found.edges.map(({ node }) => node.id)).toEqual(wanted);
    expect(wanted).toContain(all[3]?.id);
    expect(wanted).not.toContain(all[1]?.id);
  });

  it.each(LISTS)("of %s may be open on either side", async (_name, list) => {
    const all = (await list({})).edges.map(({ node }) => node);
    const middle = all[2]?.createdAt ?? "";
    const newer = (await list({ createdFrom: middle })).edges.map(({ node }) => node.id);
    const older = (await list({ createdBefore: middle })).edges.map(({ node }) => node.id);
    expect([...newer, ...older]).toEqual(all.map(({ id }) => id));
    expect([newer.length, older.length]).not.toContain(0);
  });

  it.each(LISTS)("of %s may begin before all time, and end after it in any zone", async (_name, list) => {
    const all = (await list({})).edges.map(({ node }) => node.id);
    const [first, last] = ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"];
    const idsOf = async (filter: object) => (await list(filter)).edges.map(({ node }) => node.id);
    expect(await idsOf({ createdFrom: first, createdBefore: last })).toEqual(all);
    expect(await idsOf({ createdFrom: last })).toEqual([]);
    expect(await idsOf({ createdBefore: first })).toEqual([]);
  });
});

describe("what a list refuses, by the name of what is wrong and its rule", () => {
  const day = "2026-01-02T00:00:00Z";
  const backwards = { createdFrom: day, createdBefore: "2026-01-01T00:00:00Z" };
  const empty = { createdFrom: day, createdBefore: day };
  const RANGE_RULE = "filter.createdFrom must be before filter.createdBefore";
  const CUSTOMER_RULE = "filter.customerId must be 1 to 64 printable ASCII characters without blanks";

  it.each([
    ["cards", CardsDocument, { filter: backwards }, RANGE_RULE],
    ["cardOrders", CardOrdersDocument, { filter: backwards }, RANGE_RULE],
    ["cardContacts", CardContactsDocument, { filter: empty }, RANGE_RULE],
    ["cardOrders", CardOrdersDocument, { filter: { customerId: "a b" } }, CUSTOMER_RULE],
    ["cardOrders", CardOrdersDocument, { first: 0 }, "first must be 1 to 100"],
    ["cardOrders", CardOrdersDocument, { first: 101 }, "first must be 1 to 100"],
    ["cardContacts", CardContactsDocument, { first: -1 }, "first must be 1 to 100"],
    ["cardOrders", CardOrdersDocument, { after: "4111111111111111" }, "after must be a cursor of this list"],
    ["cardContacts", CardContactsDocument, { after: "\u0000" }, "after must be a cursor of this list"],
  ] as const)("%s", async (_name, document, variables, message) => {
    const { data, errors } = await server.answerTo(document as never, variables as never);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ message, extensions: { code: "BAD_USER_INPUT" } }]);
  });

  it("a cursor of another list", async () => {
    const order = (await listOrders({ first: 1 })).pageInfo.endCursor ?? "";
    for (const document of [CardsDocument, CardContactsDocument]) {
      const { errors } = await server.answerTo(document as never, { after: order } as never);
      expect(errors).toMatchObject([{ message: "after must be a cursor of this list" }]);
    }
  });

  it("a state that is not one of those that clients see", async () => {
    const { errors } = await server.answerTo(CardOrdersDocument, { filter: { state: "SENDING" as never } });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });
});
