import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemIds } from "../../src/domain/ids.js";
import { printCardgraphSubgraph } from "../../src/resolvers/print-schema.js";
import { CreateCardContactDocument, NodeDocument } from "../generated/graphql.js";
import { type Answer, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type OpenedCard, openCard } from "./opened-card.js";

let server: Cardgraph;
let opened: OpenedCard;
let contactId = "";
/** Statements of the form that loaders use, which the workers beside do not. */
const lookUps: string[] = [];
beforeAll(async () => {
  server = await startCardgraph({
    env: { RECONCILE_SCHEDULE_MS: "20" },
    databaseProbe: (phase, step) => {
      const lookUp = phase === "before" ? /(\S+) = any\(\$\d::text\[\]\)( and "state" = \$\d)?$/.exec(step) : null;
      if (lookUp?.[1]) lookUps.push(`${/from (\S+)/.exec(step)?.[1]} by ${lookUp[1]}`);
    },
  });
  opened = await openCard(server, "entities-1");
  const input = { firstName: "Leon", lastName: "Smith", mobile: "+861234789999", email: "leon@person.example" };
  contactId = (await server.ask(CreateCardContactDocument, { input })).createCardContact.contact?.id ?? "";
});
afterAll(() => server.close());

const ENTITIES = /* GraphQL */ `
  query Entities($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename
      ... on Card { id last4 order { orderNo } }
      ... on CardHolder { id firstName }
      ... on CardContact { id email }
      ... on CardOrder { id orderNo state }
    }
  }
`;

interface Entities {
  readonly _entities: readonly ({ readonly __typename: string; readonly id: string } | null)[];
}

async function entities(...representations: readonly unknown[]): Promise<Answer<Entities>> {
  return (await server.post({ query: ENTITIES, variables: { representations } })).json() as Promise<Answer<Entities>>;
}

describe("_service", () => {
  it("gives the subgraph as it is committed", async () => {
    const answer = await server.post({ query: "{ _service { sdl } }" });
    expect(await answer.json()).toEqual({ data: { _service: { sdl: printCardgraphSubgraph() } } });
  });

  it("says what callers need only where that is asked for", async () => {
    expect(printCardgraphSubgraph()).not.toMatch(/@(authenticated|requiresScopes)/);
    const telling = await startCardgraph({ env: { SUBGRAPH_AUTH_DIRECTIVES: "true" } });
    try {
      const { data } = (await (await telling.post({ query: "{ _service { sdl } }" })).json()) as Answer<{
        _service: { sdl: string };
      }>;
      expect(data?._service.sdl).toBe(printCardgraphSubgraph({ authDirectives: true }));
      expect(data?._service.sdl).toContain('type Card @key(fields: "id") @requiresScopes(scopes: [["cards:read"]])');
    } finally {
      await telling.close();
    }
  });
});

describe("_entities", () => {
  it("finds every entity by each of its keys, in the order of the representations", async () => {
    const { data, errors } = await entities(
      { __typename: "CardOrder", orderNo: "entities-1" },
      { __typename: "CardHolder", id: opened.cardHolderId },
      { __typename: "Card", id: opened.cardId },
      { __typename: "CardContact", id: contactId },
      { __typename: "CardOrder", id: opened.orderId },
      { __typename: "Card", id: opened.cardId },
    );
    expect(errors).toBeUndefined();
    const order = { __typename: "CardOrder", id: opened.orderId, orderNo: "entities-1", state: "COMPLETED" };
    const card = {
      __typename: "Card",
      id: opened.cardId,
      last4: expect.stringMatching(/^\d{4}$/),
      order: { orderNo: "entities-1" },
    };
    expect(data?._entities).toEqual([
      order,
      { __typename: "CardHolder", id: opened.cardHolderId, firstName: "Leon" },
      card,
      { __typename: "CardContact", id: contactId, email: "leon@person.example" },
      order,
      card,
    ]);
  });

  it("asks the database once for each type and key, however many are asked for", async () => {
    lookUps.length = 0;
    const ids = Array.from({ length: 50 }, () => ({
      card: { __typename: "Card", id: systemIds.card() },
      holder: { __typename: "CardHolder", id: systemIds.cardHolder() },
      contact: { __typename: "CardContact", id: systemIds.cardContact() },
      order: { __typename: "CardOrder", id: systemIds.order() },
      byNo: { __typename: "CardOrder", orderNo: `no-${systemIds.order().slice(-20)}` },
    }));
    const { data } = await entities(...ids.flatMap((one) => Object.values(one)));
    expect(data?._entities).toEqual(Array(250).fill(null));
    expect([...lookUps].sort()).toEqual([
      '"card_contacts" by "id"',
      '"card_holders" by "id"',
      '"card_orders" by "card_orders"."id"',
      '"card_orders" by "card_orders"."order_no"',
      '"cards" by "cards"."id"',
    ]);
  });

  it("gives null for what is not there, and for what is no id of that type", async () => {
    const { data, errors } = await entities(
      { __typename: "Card", id: systemIds.card() },
      { __typename: "Card", id: opened.orderId },
      { __typename: "CardHolder", id: "' or 1=1 --" },
      { __typename: "CardContact", id: "\u0000" },
      { __typename: "CardOrder", id: 7 },
      { __typename: "CardOrder", id: { nested: true } },
      { __typename: "CardOrder", orderNo: "no such number" },
      { __typename: "CardOrder", orderNo: "entities-2" },
    );
    expect([data?._entities, errors]).toEqual([Array(8).fill(null), undefined]);
  });

  it("takes an id before a number where both are given", async () => {
    const { data } = await entities({ __typename: "CardOrder", id: opened.orderId, orderNo: "another" });
    expect(data?._entities).toMatchObject([{ id: opened.orderId }]);
  });

  it.each([
    ["an unknown type", { __typename: "Planted4111", id: "1" }, "number 1 has no __typename"],
    ["a type that is no entity", { __typename: "Money", id: "1" }, "number 1 has no __typename"],
    ["a name that objects have anyway", { __typename: "constructor", id: "1" }, "number 1 has no __typename"],
    ["no type", { id: "Planted4111" }, "number 1 has no __typename"],
    ["something that is no object", "Planted4111", "number 1 has no __typename"],
    ["no key", { __typename: "Card", orderNo: "Planted4111" }, "number 1 has the fields of no key of Card"],
    ["a key of nothing", { __typename: "CardOrder", id: null }, "number 1 has the fields of no key of CardOrder"],
  ])("refuses %s, and repeats nothing of it", async (_what, representation, reason) => {
    const { data, errors } = await entities({ __typename: "Card", id: opened.cardId }, representation);
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringContaining(reason), path: ["_entities"], extensions: { code: "BAD_USER_INPUT" } },
    ]);
    expect(JSON.stringify(errors)).not.toContain("Planted4111");
  });

  it("takes a thousand representations, over all fields of a request together, and not one more", async () => {
    const holder = { __typename: "CardHolder", id: opened.cardHolderId };
    const thousand = await entities(...Array(1_000).fill(holder));
    expect(thousand.data?._entities).toHaveLength(1_000);
    const { errors } = await entities(...Array(1_001).fill(holder));
    expect(errors).toMatchObject([
      { message: expect.stringContaining("at most 1000"), extensions: { code: "BAD_USER_INPUT" } },
    ]);
    const query =
      "query Twice($r: [_Any!]!) { a: _entities(representations: $r) { __typename } b: _entities(representations: $r) { __typename } }";
    const twice = await server.post({ query, variables: { r: Array(501).fill(holder) } });
    expect(await twice.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  });
});

describe("a variable by the name that its type has in a supergraph", () => {
  const query = /* GraphQL */ `
    query Ranges($provider: ProviderCodeInput, $status: CardStatusInput! = ACTIVE) {
      cardRanges(provider: $provider) { provider }
      cards(filter: { provider: $provider, status: $status }) { edges { node { status } } }
    }
  `;

  it.each([
    ["in a plain request", {}],
    ["over server-sent events", { accept: "text/event-stream" }],
  ])("is taken %s as by the name that it has here", async (_how, headers) => {
    for (const document of [query, query.replaceAll(/(ProviderCode|CardStatus)Input/g, "$1")]) {
      const answer = await server.post({ query: document, variables: { provider: "PREPAIDIFY" } }, headers);
      const text = await answer.text();
      expect(text).toContain('"provider":"PREPAIDIFY"');
      expect(text).toContain('"status":"ACTIVE"');
      expect(text).not.toContain('"errors"');
    }
  });

  it("is checked like any other", async () => {
    const { errors } = (await (
      await server.post({ query, variables: { provider: "NOBODY" } })
    ).json()) as Answer<object>;
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    const elsewhere = await server.post({ query: "query A($id: ProviderCodeInput!) { card(id: $id) { id } }" });
    expect(await elsewhere.json()).toMatchObject({ errors: [{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }] });
  });

  it("is no type of its own: introspection knows each enum once", async () => {
    const answer = await server.post({ query: "{ __schema { types { name } } }" });
    const { data } = (await answer.json()) as Answer<{ __schema: { types: readonly { name: string }[] } }>;
    const names = data?.__schema.types.map(({ name }) => name) ?? [];
    expect(names.filter((name) => name.startsWith("ProviderCode"))).toEqual(["ProviderCode"]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("node", () => {
  it("finds anything by its id", async () => {
    for (const [type, id] of [
      ["Card", opened.cardId],
      ["CardHolder", opened.cardHolderId],
      ["CardContact", contactId],
      ["CardOrder", opened.orderId],
    ] as const) {
      expect((await server.ask(NodeDocument, { id })).node).toMatchObject({ __typename: type, id });
    }
  });

  it.each([
    systemIds.card(),
    systemIds.message(),
    "entities-1",
    "",
    "card_",
    "\u0000",
  ])("is null for an id that nothing has: %j", async (id) =>
    expect((await server.ask(NodeDocument, { id })).node).toBeNull());
});
