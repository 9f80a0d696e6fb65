import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES } from "../../src/domain/scope.js";
import { buildCardgraphSchema, type ResolverParts } from "../../src/resolvers/schema.js";
import { buildCardgraphSubgraph } from "../../src/resolvers/subgraph.js";
import { ENTITY_TYPES } from "../../src/schema/node.type.js";
import { askAs, orderOf } from "../support/asking.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { type Issuer, startIssuer } from "../support/issuer.js";
import { makeKeyPair } from "../support/revealing.js";
import { type Asked, sendBy, type WayIn } from "../support/ways-in.js";

/** Everything of a tenant's that has a name. */
interface Names {
  readonly orderNo: string;
  readonly order: string;
  readonly card: string;
  readonly holder: string;
  readonly contact: string;
  readonly idempotencyKey: string;
  /** Cursors of the tenant's own lists. */
  readonly cardCursor: string;
  readonly orderCursor: string;
  readonly contactCursor: string;
  readonly eventCursor: string;
}

const cursorOf = (place: string): string => Buffer.from(`1:${place}`).toString("base64url");

/** Names of the same shape, and of the same time, that nothing has. */
function madeUp(names: Names): Names {
  const other = (id: string): string => id.slice(0, -6) + (id.endsWith("000000") ? "000001" : "000000");
  const [card, order, contact] = [other(names.card), other(names.order), other(names.contact)];
  return {
    ...{ card, order, contact, holder: other(names.holder), orderNo: "never-placed", idempotencyKey: "never-used" },
    ...{ cardCursor: cursorOf(card), orderCursor: cursorOf(order), contactCursor: cursorOf(contact) },
    eventCursor: names.eventCursor,
  };
}

const PERSON = { firstName: "Ana", lastName: "Silva", mobile: "+5511999999999", email: "ana@merchant.example" };
const ALL_OF_CARD = `id status lifecycle providerStatus bin last4 customerId providerCardId deposit { amountMinor }
  cardHolder { id firstName street } order { id orderNo state } events { edges { cursor node { id status } } }`;
const ALL_OF_ORDER = `id orderNo state createdAt failure { code } card { ${ALL_OF_CARD} }
  events { edges { cursor node { id } } }`;
const ALL_OF_CONTACT = "id firstName lastName mobile email providerContactId";
const page = (field: string, after: string): Asked => ({
  query: `query($after: String) { ${field}(first: 100, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage } } }`,
  variables: { after },
});
const one = (query: string, variables: Readonly<Record<string, unknown>>): Asked => ({ query, variables });

let recipientKey = "";
/**
 * What is asked of each root field about something of somebody's. A field without a case here fails the first test.
 * `null`: it takes no name and shows nothing of a tenant's.
 */
const CASES: Readonly<Record<string, ((names: Names) => readonly Asked[]) | null>> = {
  "Query.card": ({ card, order }) =>
    [card, order].map((id) => one(`query($id: ID!) { card(id: $id) { ${ALL_OF_CARD} } }`, { id })),
  "Query.cards": ({ cardCursor }) => [page("cards", cardCursor)],
  "Query.cardOrder": ({ orderNo }) => [
    one(`query($no: String!) { cardOrder(orderNo: $no) { ${ALL_OF_ORDER} } }`, { no: orderNo }),
  ],
  "Query.cardOrders": ({ orderCursor }) => [page("cardOrders", orderCursor)],
  "Query.cardContact": ({ contact }) => [
    one(`query($id: ID!) { cardContact(id: $id) { ${ALL_OF_CONTACT} } }`, { id: contact }),
  ],
  "Query.cardContacts": ({ contactCursor }) => [page("cardContacts", contactCursor)],
  "Query.node": ({ card, order, holder, contact }) =>
    [card, order, holder, contact].map((id) => one("query($id: ID!) { node(id: $id) { __typename id } }", { id })),
  "Query.cardRanges": null,
  "Query.providers": null,
  "Query._service": null,
  "Query._entities": ({ card, order, holder, contact, orderNo }) =>
    [
      ...ENTITY_TYPES.flatMap((type) => [card, order, holder, contact].map((id) => ({ __typename: type, id }))),
      { __typename: "CardOrder", orderNo },
      { __typename: "CardOrder", orderNo, id: "x" },
    ].map((representation) =>
      one(
        `query($r: [_Any!]!) { _entities(representations: $r) { __typename
          ... on Card { ${ALL_OF_CARD} } ... on CardHolder { id holderName street }
          ... on CardContact { ${ALL_OF_CONTACT} }
          ... on CardOrder { id orderNo } } }`,
        { r: [representation] },
      ),
    ),
  "Mutation.revealCard": ({ card }) => [
    one(
      "mutation($input: RevealCardInput!) { revealCard(input: $input) { sealed userErrors { code message field } } }",
      {
        input: { cardId: card, recipientKey, reason: "a look at what is not mine" },
      },
    ),
  ],
  // A number of another tenant's is refused for being used, and a key of theirs is as good as new: see below.
  "Mutation.createVirtualCard": null,
  "Mutation.createCardContact": null,
  "Subscription.cardOrderUpdated": ({ orderNo }) => [
    one(`subscription($no: String!) { cardOrderUpdated(orderNo: $no) { ${ALL_OF_ORDER} } }`, { no: orderNo }),
  ],
  "Subscription.cardUpdated": ({ card }) => [
    one(`subscription($id: ID!) { cardUpdated(id: $id) { ${ALL_OF_CARD} } }`, { id: card }),
  ],
};

const { schema } = buildCardgraphSubgraph(buildCardgraphSchema({} as ResolverParts), { authDirectives: false });
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

let issuer: Issuer;
let server: Cardgraph;
let [acme, globex] = ["", ""];
let names: Names;

beforeAll(async () => {
  issuer = await startIssuer();
  server = await startCardgraph({ env: { ...issuer.env, RECONCILE_SCHEDULE_MS: "20", RATE_LIMIT_PER_MINUTE: "0" } });
  const scopes = SCOPES.join(" ");
  acme = await issuer.tokenFor({ tenant: "acme", scopes });
  globex = await issuer.tokenFor({ tenant: "globex", scopes });
  recipientKey = (await makeKeyPair()).recipientKey;
  // Both have something, globex before and after acme: lists that are not by tenant would show the other's.
  await place(globex, "globex-1");
  names = await place(acme, "acme-1");
  await place(globex, "globex-2");
});
afterAll(async () => {
  await server.close();
  await issuer.close();
});

/** An order with an open card, and a contact. */
async function place(authorization: string, orderNo: string): Promise<Names> {
  const idempotencyKey = `key-of-${orderNo}`;
  const query = `mutation($order: CreateVirtualCardInput!, $contact: CreateCardContactInput!) {
    createVirtualCard(input: $order) { order { id } userErrors { code } }
    createCardContact(input: $contact) { contact { id } userErrors { code } }
  }`;
  const variables = { order: orderOf(orderNo).input, contact: { ...PERSON, idempotencyKey } };
  const placed = JSON.stringify(await askAs(server, authorization, query, variables));
  const contact = /"id":"(cct_\w+)"/.exec(placed)?.[1] ?? placed;
  const found = await eventually(
    async () =>
      JSON.stringify(
        await askAs(server, authorization, `{ cardOrder(orderNo: "${orderNo}") { ${ALL_OF_ORDER} } }`, {}),
      ),
    (text) => text.includes('"COMPLETED"'),
  );
  const id = (prefix: string): string => new RegExp(`"id":"(${prefix}_\\w+)"`).exec(found)?.[1] ?? found;
  const [card, order, holder] = [id("card"), id("ord"), id("chd")];
  const eventCursor = /"cursor":"([\w-]+)"/.exec(found)?.[1] ?? found;
  return {
    ...{ orderNo, idempotencyKey, card, order, holder, contact, eventCursor },
    ...{ cardCursor: cursorOf(card), orderCursor: cursorOf(order), contactCursor: cursorOf(contact) },
  };
}

/** An answer without what names the request. */
const neutral = (text: string): string =>
  text.replace(/"requestId":"[^"]+"/g, '"requestId":"…"').replace(/^event.*\n|:\n/gm, "");

describe("every field at the root", () => {
  it("has a case here, and none has one that is not there", () => {
    const fields = roots.flatMap((root) =>
      Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name}.${field}`),
    );
    expect(Object.keys(CASES).sort()).toEqual(fields.sort());
  });

  const asking = Object.entries(CASES).flatMap(([place, ask]) => {
    if (ask === null) return [];
    const ways: readonly WayIn[] = place.startsWith("Query")
      ? ["POST", "GET", "SSE", "WebSocket"]
      : place.startsWith("Mutation")
        ? ["POST", "SSE", "WebSocket"]
        : ["SSE", "WebSocket"];
    return ways.map((way) => [place, way, ask] as const);
  });

  it.each(asking)("%s over %s tells of another tenant's what it tells of nothing", async (_place, way, ask) => {
    const [theirs, nothings] = [ask(names), ask(madeUp(names))];
    for (const [nth, asked] of theirs.entries()) {
      const crossed = neutral((await sendBy(way, server.url, asked, globex)).text);
      const nothing = neutral((await sendBy(way, server.url, nothings[nth] as Asked, globex)).text);
      expect(crossed).toBe(nothing);
      for (const id of [names.card, names.order, names.holder, names.contact, "acme-1"])
        expect(crossed).not.toContain(id);
    }
  });

  it.each(
    asking,
  )("%s over %s shows its own to the tenant, so that there was something to see", async (_place, way, ask) => {
    const answers = await Promise.all(
      ask(names).map(async (asked) => (await sendBy(way, server.url, asked, acme)).text),
    );
    const nothings = await Promise.all(
      ask(madeUp(names)).map(async (asked) => (await sendBy(way, server.url, asked, acme)).text),
    );
    const isList = ask(names).every(({ variables }) => "after" in (variables ?? {}));
    // A list after its last place is as empty as any; that lists are by tenant is seen at the next tests.
    if (!isList) expect(answers.map(neutral)).not.toEqual(nothings.map(neutral));
  });
});

/** Every list of the schema that is resumed by a cursor. */
const lists = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!("getFields" in type) || "getTypes" in type) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    "args" in field && field.args.some((argument: { readonly name: string }) => argument.name === "after")
      ? [`${type.name}.${field.name}`]
      : [],
  );
});

/** Each list as globex asks for it, from a cursor on. */
const BY_CURSOR: Readonly<Record<string, (after: string | null) => Asked>> = {
  "Query.cards": (after) => page("cards", after as string),
  "Query.cardOrders": (after) => page("cardOrders", after as string),
  "Query.cardContacts": (after) => page("cardContacts", after as string),
  "Card.events": (after) =>
    one(
      `query($after: String) { cardOrder(orderNo: "globex-1") {
        card { events(after: $after) { edges { node { id } } } } } }`,
      { after },
    ),
  "CardOrder.events": (after) =>
    one(
      'query($after: String) { cardOrder(orderNo: "globex-1") { events(after: $after) { edges { node { id } } } } }',
      { after },
    ),
};

describe("every list that is resumed by a cursor", () => {
  it("has a case here", () => expect(Object.keys(BY_CURSOR).sort()).toEqual([...lists].sort()));

  it.each(Object.entries(BY_CURSOR))("%s shows a tenant its own alone, whatever the cursor", async (_list, ask) => {
    const idsIn = (text: string): readonly string[] => [...text.matchAll(/"id":"(\w+)"/g)].map(([, id = ""]) => id);
    const own = new Set(idsIn((await sendBy("POST", server.url, ask(null), globex)).text));
    expect(own.size).toBeGreaterThan(0);
    const { cardCursor, orderCursor, contactCursor, eventCursor } = names;
    const forged = ["card_", "ord_", "cct_"].flatMap((prefix) =>
      ["0", "7", "f"].map((digit) => cursorOf(prefix + digit.repeat(32))),
    );
    const numbers = ["0", "-1", "1", "99999999", "1e3", "1 or 1=1", "1:2"].map(cursorOf);
    for (const after of [cardCursor, orderCursor, contactCursor, eventCursor, ...forged, ...numbers, "", "x", "🃏"]) {
      const { text } = await sendBy("POST", server.url, ask(after), globex);
      for (const id of idsIn(text)) expect(own).toContain(id);
      expect(text).not.toContain("INTERNAL");
    }
  });
});

describe("a repeat with another tenant's own words", () => {
  const CREATE =
    "mutation($input: CreateVirtualCardInput!) { createVirtualCard(input: $input) { order { id } card { id } replayed userErrors { code field message } } }";
  it.each([
    ["the very same order", {}],
    ["another deposit", { deposit: { amountMinor: 5_000 } }],
    ["another range", { cardRangeId: "vab_other" }],
  ])("of an order number, with %s, says that it was used and nothing of whom or how", async (_name, changes) => {
    const before = server.prepaidify.requests.length;
    const input = { ...orderOf("acme-1").input, ...changes };
    const { data } = await askAs<{ createVirtualCard: object }, object>(server, globex, CREATE, { input });
    expect(data?.createVirtualCard).toMatchObject({ order: null, card: null, replayed: false });
    expect(JSON.stringify(data)).toContain('"code":"IDEMPOTENCY_MISMATCH","field":["orderNo"]');
    expect(server.prepaidify.requests).toHaveLength(before);
  });

  it("of an idempotency key makes a contact of their own", async () => {
    const query =
      "mutation($input: CreateCardContactInput!) { createCardContact(input: $input) { replayed contact { id } } }";
    const input = { ...PERSON, idempotencyKey: names.idempotencyKey };
    const { data } = await askAs<{ createCardContact: { contact: { id: string } } }, object>(server, globex, query, {
      input,
    });
    expect(data?.createCardContact).toMatchObject({ replayed: false });
    expect(data?.createCardContact.contact.id).not.toBe(names.contact);
    const own = await askAs<{ createCardContact: object }, object>(server, acme, query, { input });
    expect(own.data?.createCardContact).toEqual({ replayed: true, contact: { id: names.contact } });
  });
});
