import { print } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printCardgraphSubgraph } from "../../src/resolvers/print-schema.js";
import {
  CardOrderUpdatedDocument,
  CreateCardContactDocument,
  CreateVirtualCardDocument,
} from "../generated/graphql.js";
import { type Answer, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { watch } from "../support/watching.js";
import { COMPOSERS } from "./composing.js";
import { type Customers, type Possessions, startCustomers } from "./customers.js";
import { GATEWAYS, type Gateway } from "./gateways.js";
import { type OpenedCard, openCard } from "./opened-card.js";

const CARDS = 12;

let server: Cardgraph;
let customers: Customers;
let opened: readonly OpenedCard[] = [];
/** Statements that ran, and whether those about contacts fail. */
const database = { statements: [] as string[], contactsFail: false };

beforeAll(async () => {
  server = await startCardgraph({
    env: { RECONCILE_SCHEDULE_MS: "20" },
    databaseProbe: (phase, step) => {
      if (phase === "before") database.statements.push(step);
      if (database.contactsFail && step.includes('from "card_contacts"'))
        throw new Error("planted: secret of the table");
    },
  });
  opened = await Promise.all(Array.from({ length: CARDS }, (_, index) => openCard(server, `gateway-${index}`)));
  const all = opened.map(({ cardId }, index) => ({ cardId, orderNo: `gateway-${index}` }));
  const possessions = (some: typeof all): Possessions => ({
    cards: some.map(({ cardId }) => cardId),
    orders: some.map(({ orderNo }) => orderNo),
  });
  customers = await startCustomers(
    new Map([
      ["1", possessions(all.slice(0, CARDS / 2))],
      ["2", possessions(all.slice(CARDS / 2))],
    ]),
  );
});
afterAll(async () => {
  await customers?.close();
  await server?.close();
});

/** The supergraph of both subgraphs as they run. */
async function supergraphBy(compose: (typeof COMPOSERS)[keyof typeof COMPOSERS], own?: string): Promise<string> {
  const answer = await server.post({ query: "{ _service { sdl } }" });
  const { data } = (await answer.json()) as Answer<{ _service: { sdl: string } }>;
  const sdl = own ?? data?._service.sdl ?? "";
  const { supergraph, errors } = compose([
    { name: "cards", url: `${server.url}/graphql`, sdl },
    { name: "customers", url: customers.url, sdl: customers.sdl },
  ]);
  expect(errors).toEqual([]);
  return supergraph ?? "";
}

describe.each(["apollo", "hive"] as const)("through the gateway of %s", (name) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await GATEWAYS[name](await supergraphBy(COMPOSERS[name]));
  });
  afterAll(() => gateway?.close());

  const ask = async (query: string, variables: object = {}): Promise<Answer<Record<string, unknown>>> => {
    const body = JSON.stringify({ query, variables });
    const headers = { "content-type": "application/json" };
    return (await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body })).json() as never;
  };

  it("a card of ours gets what another subgraph knows of it and of its holder", async () => {
    const [first] = opened;
    const query = "query One($id: ID!) { card(id: $id) { last4 owner { name } cardHolder { firstName greeting } } }";
    expect(await ask(query, { id: first?.cardId })).toEqual({
      data: {
        card: {
          last4: expect.stringMatching(/^\d{4}$/),
          owner: { name: "Customer 1" },
          cardHolder: { firstName: "Leon", greeting: `Hello, ${first?.cardHolderId}` },
        },
      },
    });
  });

  it("lists of cards of another subgraph are read at once: one statement for cards, one for orders", async () => {
    database.statements.length = 0;
    const { data, errors } = await ask(
      "{ customers { name cards { id status balance { amountMinor } order { orderNo } cardHolder { holderName } } } }",
    );
    const readByIds = (table: string): readonly string[] =>
      database.statements.filter((text) => text.includes(`"${table}"."id" = any(`));
    expect(errors).toBeUndefined();
    const found = (data?.customers as { cards: { id: string; order: { orderNo: string } }[] }[]).flatMap(
      ({ cards }) => cards,
    );
    expect(found.map(({ id }) => id)).toEqual(opened.map(({ cardId }) => cardId));
    expect(found.map(({ order }) => order.orderNo)).toEqual(opened.map((_, index) => `gateway-${index}`));
    expect([readByIds("cards").length, readByIds("card_orders").length]).toEqual([1, 1]);
  });

  it("orders that another subgraph knows by number are read at once too", async () => {
    database.statements.length = 0;
    const { data, errors } = await ask("{ customers { orders { orderNo state card { last4 } } } }");
    expect(errors).toBeUndefined();
    const found = (data?.customers as { orders: object[] }[]).flatMap(({ orders }) => orders);
    const order = (index: number) => ({ orderNo: `gateway-${index}`, state: "COMPLETED", card: expect.anything() });
    expect(found).toEqual(opened.map((_, index) => order(index)));
    const byNo = database.statements.filter((text) => text.includes('"card_orders"."order_no" = any('));
    expect(byNo).toHaveLength(1);
  });

  it("a list of ours gets what another subgraph knows of each card, with one request to it", async () => {
    const before = customers.requests();
    const { data, errors } = await ask("{ cards(first: 12) { edges { node { id owner { name } } } } }");
    expect(errors).toBeUndefined();
    const { edges } = data?.cards as { edges: { node: { id: string; owner: { name: string } | null } }[] };
    const owned = edges.filter(({ node }) => opened.some(({ cardId }) => cardId === node.id));
    expect(owned.length).toBeGreaterThan(0);
    for (const { node } of owned) expect(node.owner?.name).toMatch(/^Customer [12]$/);
    expect(customers.requests() - before).toBe(1);
  });

  it("variables have the names that input enums have there", async () => {
    const query = /* GraphQL */ `
      query Ranges($provider: ProviderCodeInput, $status: CardStatusInput, $filter: CardFilter) {
        cardRanges(provider: $provider) { provider }
        some: cards(first: 1, filter: { status: $status, provider: PREPAIDIFY }) { edges { node { provider status } } }
        none: cards(first: 1, filter: $filter) { edges { node { provider } } }
      }
    `;
    const variables = { provider: "PREPAIDIFY", status: "ACTIVE", filter: { provider: "PAGSMILE" } };
    const { data, errors } = await ask(query, variables);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      cardRanges: expect.arrayContaining([{ provider: "PREPAIDIFY" }]),
      some: { edges: [{ node: { provider: "PREPAIDIFY", status: "ACTIVE" } }] },
      none: { edges: [] },
    });
  });

  it("an order is placed, and placed once", async () => {
    const orderNo = `by-${name}`;
    const input = { orderNo, cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1000 }, provider: "PREPAIDIFY" };
    for (const replayed of [false, true]) {
      const { data, errors } = await ask(print(CreateVirtualCardDocument), { input });
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ createVirtualCard: { order: { orderNo }, replayed, userErrors: [] } });
    }
    expect(server.prepaidify.cardsByOrderNo().get(orderNo)).toBe(1);
  });

  it("a contact is made", async () => {
    const input = { firstName: "Leon", lastName: "Smith", mobile: "+861234789999", email: "leon@person.example" };
    expect(await ask(print(CreateCardContactDocument), { input })).toMatchObject({
      data: { createCardContact: { contact: { firstName: "Leon" }, userErrors: [] } },
    });
  });

  it("what is wrong with an input is told as it is told here", async () => {
    const input = { orderNo: "no blanks", cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1 } };
    const { data, errors } = await ask(print(CreateVirtualCardDocument), { input });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      createVirtualCard: {
        order: null,
        userErrors: [
          { code: "INVALID_INPUT", field: ["orderNo"] },
          { code: "INVALID_INPUT", field: ["deposit", "amountMinor"] },
        ],
      },
    });
  });

  it("a fault of ours stays masked, and has its code and the id to ask about it", async () => {
    database.contactsFail = true;
    try {
      const { data, errors } = await ask("query One($id: ID!) { cardContact(id: $id) { email } }", {
        id: `cct_${"0".repeat(32)}`,
      });
      expect(data).toEqual({ cardContact: null });
      expect(errors).toMatchObject([
        { extensions: { code: "INTERNAL_SERVER_ERROR", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
      ]);
      expect(JSON.stringify(errors)).not.toContain("planted");
    } finally {
      database.contactsFail = false;
    }
  });

  it("nothing is served that the supergraph was not told of", async () => {
    const { errors } = await ask('{ node(id: "1") { id } }');
    expect(errors).toMatchObject([{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }]);
  });

  // Apollo's gateway of JavaScript has no subscriptions.
  if (name === "hive") {
    it("an order is followed until its card is open", async () => {
      const orderNo = `followed-${name}`;
      const input = { orderNo, cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1000, currency: "USD" } };
      await server.ask(CreateVirtualCardDocument, { input });
      const watching = watch(gateway.url, "SSE", CardOrderUpdatedDocument, { orderNo });
      const seen = await watching.until((all) => all.at(-1)?.cardOrderUpdated.state === "COMPLETED");
      expect(seen.at(-1)?.cardOrderUpdated).toMatchObject({ orderNo, card: { last4: expect.any(String) } });
    });
  }
});

describe("a supergraph that says what callers need", () => {
  const declared = printCardgraphSubgraph({ authDirectives: true });

  it("is served by the gateway of hive, which leaves it to this server to see to it", async () => {
    const gateway = await GATEWAYS.hive(await supergraphBy(COMPOSERS.hive, declared));
    try {
      const body = JSON.stringify({ query: "{ providers { code } }" });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body });
      expect(await answer.json()).toMatchObject({
        data: { providers: [{ code: "PAGSMILE" }, { code: "PREPAIDIFY" }] },
      });
    } finally {
      await gateway.close();
    }
  });

  it("is refused by the gateway of apollo, which is why it is only printed when asked for", async () => {
    const supergraph = await supergraphBy(COMPOSERS.apollo, declared);
    await expect(GATEWAYS.apollo(supergraph)).rejects.toThrow(/authenticated|requiresScopes/);
  });
});
