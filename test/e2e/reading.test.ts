import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardDocument,
  CardOrderDocument,
  CardRangesDocument,
  CardsDocument,
  CreateVirtualCardDocument,
  ProvidersDocument,
} from "../generated/graphql.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "20" } });
  for (let index = 0; index < 7; index++) await openCard(`list-${index}`, index % 2 === 0 ? "even" : "odd");
  server.prepaidify.script({ kind: "fail-and-refund" });
  await openCard("list-failed", "even", "FAILED");
});
afterAll(() => server.close());

async function openCard(orderNo: string, customerId: string, state = "COMPLETED"): Promise<void> {
  const deposit = { amountMinor: 1000, currency: "USD" };
  const input = { orderNo, customerId, cardRangeId: "vab_069af8a792ad", deposit };
  await server.ask(CreateVirtualCardDocument, { input });
  await eventually(
    async () => (await server.ask(CardOrderDocument, { orderNo })).cardOrder?.state,
    (found) => found === state,
  );
}
const list = async (variables: Parameters<typeof server.ask<unknown, object>>[1]) =>
  (await server.ask(CardsDocument, variables)).cards;
const orderNosOf = (page: Awaited<ReturnType<typeof list>>): string[] =>
  page.edges.map(({ node }) => node.order.orderNo);

describe("one card", () => {
  it("is read by id, with the order that it came of", async () => {
    const node = (await list({ first: 1 })).edges[0]?.node;
    const { card } = await server.ask(CardDocument, { id: node?.id ?? "" });
    expect(card).toMatchObject({ id: node?.id, order: { orderNo: "list-failed", state: "FAILED" } });
  });

  it.each([
    "card_unknown",
    "",
    "ord_1",
    "' or 1=1 --",
    "\u0000",
  ])("is null for an id that is not one: %j", async (id) => {
    expect((await server.ask(CardDocument, { id })).card).toBeNull();
  });
});

describe("the list of cards", () => {
  it("comes newest first, twenty unless told otherwise", async () => {
    const page = await list({});
    expect(orderNosOf(page)).toEqual(["list-failed", ...[6, 5, 4, 3, 2, 1, 0].map((index) => `list-${index}`)]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    expect(page.edges.every(({ node }) => node.order.card?.id === node.id)).toBe(true);
  });

  it("goes on after a cursor without gap or repeat, whatever is added at the top meanwhile", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ first: 3, after });
      seen.push(...orderNosOf(page));
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after);
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  it("is narrowed by customer, status, lifecycle and provider, and by all of them at once", async () => {
    expect(orderNosOf(await list({ filter: { customerId: "odd" } }))).toEqual(["list-5", "list-3", "list-1"]);
    expect(orderNosOf(await list({ filter: { status: "CREATE_CARD_FAILED_REFUND" } }))).toEqual(["list-failed"]);
    expect(orderNosOf(await list({ filter: { lifecycle: "FAILED" } }))).toEqual(["list-failed"]);
    expect(await list({ filter: { provider: "PAGSMILE" } })).toMatchObject({
      edges: [],
      pageInfo: { endCursor: null },
    });
    expect(orderNosOf(await list({ filter: { customerId: "even", lifecycle: "ACTIVE" } }))).toHaveLength(4);
    expect(orderNosOf(await list({ filter: { status: "ACTIVE", lifecycle: "FAILED" } }))).toEqual([]);
  });

  it.each([0, -1, 101, 2_147_483_647])("refuses first: %i by its rule", async (first) => {
    const { data, errors } = await server.answerTo(CardsDocument, { first });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ message: "first must be 1 to 100", extensions: { code: "BAD_USER_INPUT" } }]);
  });

  it("refuses a cursor that is not of this list, and does not repeat it", async () => {
    const { errors } = await server.answerTo(CardsDocument, { after: "4111111111111111" });
    expect(errors).toMatchObject([{ message: "after must be a cursor of this list" }]);
  });
});

describe("providers and ranges", () => {
  it("says what each provider can do, and that these accounts are live", async () => {
    const { providers } = await server.ask(ProvidersDocument, {});
    expect(providers).toEqual([
      { code: "PAGSMILE", name: "Pagsmile", capabilities: ["CREATE_CARD_CONTACT"], mode: "LIVE" },
      {
        code: "PREPAIDIFY",
        name: "Prepaidify",
        capabilities: ["CREATE_VIRTUAL_CARD", "READ_CARD", "REVEAL_CARD", "LIST_CARD_RANGES"],
        mode: "LIVE",
      },
    ]);
  });

  it("asks the provider for its ranges once for many askers, then answers from memory for a while", async () => {
    const asked = () => server.prepaidify.requests.filter(({ path }) => path === "/open/api/card/vd/list").length;
    const answers = await Promise.all([1, 2, 3].map(() => server.ask(CardRangesDocument, {})));
    const [range] = answers[0]?.cardRanges ?? [];
    expect(range).toMatchObject({ id: "vab_069af8a792ad", provider: "PREPAIDIFY", bin: "400000" });
    expect(asked()).toBe(1);
  });

  it("a provider without ranges is CAPABILITY_NOT_SUPPORTED", async () => {
    const { errors } = await server.answerTo(CardRangesDocument, { provider: "PAGSMILE" });
    expect(errors).toMatchObject([{ extensions: { code: "CAPABILITY_NOT_SUPPORTED" } }]);
  });
});

describe("a provider that does not answer", () => {
  it("is told as unavailable, without anything of its address", async () => {
    const other = await startCardgraph({ env: { PROVIDER_TIMEOUT_MS: "300" } });
    try {
      await other.prepaidify.close();
      const { errors } = await other.answerTo(CardRangesDocument, {});
      expect(errors).toMatchObject([{ extensions: { code: "PROVIDER_UNAVAILABLE" } }]);
      expect(JSON.stringify(errors)).not.toContain(new URL(other.prepaidify.url).port);
    } finally {
      await other.close();
    }
  });

  it("keeps an order PENDING when it was provably not sent, and the same request sends it later", async () => {
    const other = await startCardgraph({
      env: { PREPAIDIFY_BASE_URL: "http://127.0.0.1:9", RECONCILE_SCHEDULE_MS: "600000" },
    });
    try {
      const deposit = { amountMinor: 1000, currency: "USD" };
      const input = { orderNo: "not-sent", cardRangeId: "vab_069af8a792ad", deposit };
      for (const replayed of [false, true]) {
        const { createVirtualCard } = await other.ask(CreateVirtualCardDocument, { input });
        expect(createVirtualCard).toMatchObject({
          order: { state: "PENDING", failure: null },
          card: null,
          replayed,
          userErrors: [{ code: "PROVIDER_UNAVAILABLE", retryable: true }],
        });
      }
    } finally {
      await other.close();
    }
  });
});

describe("a document of the caller's own", () => {
  it("may ask for the order of the card of the order: each order is read once a request", async () => {
    const document = parse(
      "query Deep($orderNo: String!) { cardOrder(orderNo: $orderNo) { card { order { card { order { orderNo } } } } } }",
    );
    const { data } = await server.answerTo(document as never, { orderNo: "list-0" } as never);
    expect(data).toEqual({ cardOrder: { card: { order: { card: { order: { orderNo: "list-0" } } } } } });
  });
});

describe("a field of a card", () => {
  const FIELDS: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      ["id", "provider", "status", "lifecycle", "statusText", "providerStatus", "customerId", "bin", "last4"]
        .concat(["expMonth", "expYear", "tags", "providerCardId", "providerUserId", "cardSeqNo"])
        .concat(["openedAt", "createdAt", "updatedAt"])
        .map((name) => [name, name]),
    ),
    ...Object.fromEntries(["deposit", "consume", "balance"].map((name) => [name, `${name} { formatted }`])),
    cardHolder: "cardHolder { id firstName lastName holderName country }",
    order: "order { orderNo }",
    events: "events { edges { node { status } } }",
  };
  const read = async (query: string) => (await server.post({ query }).then((answer) => answer.json())).data;
  const inList = (part: string): Promise<{ cards: { edges: { node: object }[] } }> =>
    read(`{ cards(first: 3) { edges { node { ${part} } } } }`);

  it("is in this list", async () => {
    const { __type } = await read('{ __type(name: "Card") { fields { name } } }');
    expect(__type.fields.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(FIELDS).sort());
  });

  it.each(Object.entries(FIELDS))("has the same value alone as among all others: %s", async (name, field) => {
    const whole = await inList(Object.values(FIELDS).join(" "));
    const alone = whole.cards.edges.map(({ node }) => ({ node: { [name]: node[name as keyof typeof node] } }));
    expect((await inList(field)).cards.edges).toEqual(alone);
    const nested = `{ cards(first: 3) { edges { node { ... on Node { ...Part } } } } }
      fragment Part on Card { ${field} }`;
    expect((await read(nested)).cards.edges).toEqual(alone);
    const id = (whole.cards.edges[0]?.node as { id: string }).id;
    expect(await read(`{ card(id: "${id}") { ${field} } }`)).toEqual({ card: alone[0]?.node });
  });
});

describe("a query that comes often", () => {
  const QUERY = `query ($first: Int!, $id: ID!, $all: Boolean = false) {
    cards(first: $first) {
      edges { cursor node { id deposit { formatted } events @include(if: $all) { edges { cursor } } } }
    }
    none: card(id: $id) { id }
  }`;
  const withoutIds = (text: string): string => text.replace(/"requestId":"[^"]+"/g, "");

  it.each([
    ["in full", { first: 3, id: "card_1" }],
    ["with parts that were left out before", { first: 3, id: "card_1", all: true }],
    ["with errors of a resolver", { first: 101, id: "card_1" }],
    ["with errors of variables", { first: "three", id: "card_1" }],
    ["in full again", { first: 3, id: "card_1" }],
  ])("is answered to the byte like the first time, %s", async (_, variables) => {
    const read = async () => {
      const answer = await server.post({ query: QUERY, variables });
      return [answer.status, answer.headers.get("content-type"), withoutIds(await answer.text())];
    };
    const first = await read();
    for (let use = 0; use < 7; use++) expect(await read()).toEqual(first);
  });
});
