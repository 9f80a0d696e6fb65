import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Cardgraph, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph();
});
afterAll(() => server.close());

interface Sent {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** How documents come to the server; a WebSocket's go the way of server-sent events. */
const WAYS = [
  ["a plain request", async (sent: Sent) => (await server.post(sent)).json() as Promise<Answer<unknown>>],
  [
    "server-sent events",
    async (sent: Sent) => {
      const text = await (await server.post(sent, { accept: "text/event-stream" })).text();
      return JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? "") as Answer<unknown>;
    },
  ],
] as const;

const order = (orderNo: string): string =>
  `createVirtualCard(input: { orderNo: "${orderNo}", cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1000 } })`;
const PERSON = '{ firstName: "xxe", lastName: "xxxx", mobile: "+861234789999", email: "122@12.com" }';
const CONTACT = `createCardContact(input: ${PERSON})`;

describe.each(WAYS)("over %s", (_way, send) => {
  const refusal = async (sent: Sent): Promise<readonly [string | undefined, string | undefined]> => {
    const { errors = [], data } = await send(sent);
    expect([errors.length, data ?? null]).toEqual([1, null]);
    return [errors[0]?.extensions.code, errors[0]?.message];
  };

  describe("an operation that orders", () => {
    it.each([
      ["under two names", `mutation { a: ${order("two-a")} { replayed } b: ${order("two-b")} { replayed } }`],
      [
        "through a fragment",
        `mutation { ...F ${order("two-a")} { replayed } } fragment F on Mutation { b: ${order("two-b")} { replayed } }`,
      ],
      [
        "through fragments in fragments",
        `mutation { ... { ...F } } fragment F on Mutation { a: ${order("two-a")} { replayed } ...G }
        fragment G on Mutation { ... @include(if: true) { b: ${order("two-b")} { replayed } } }`,
      ],
    ])("twice %s is refused, and nothing is ordered", async (_name, query) => {
      expect(await refusal({ query })).toEqual([
        "GRAPHQL_VALIDATION_FAILED",
        "An operation may have createVirtualCard once. Send one request for each.",
      ]);
      expect(server.prepaidify.cards()).toEqual([]);
    });

    it("makes one contact too, and each once", async () => {
      const twice = `mutation { a: ${CONTACT} { replayed } b: ${CONTACT} { replayed } }`;
      expect((await refusal({ query: twice }))[1]).toContain("createCardContact once");
      expect(server.pagsmile.contacts.count).toBe(0);
    });
  });

  const aliases = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}: __typename`).join(" ");
  const skips = (count: number): string => Array.from({ length: count }, () => "... @skip(if: false)").join(" { ");

  it("a document of a hundred aliases is answered, one more is refused, whatever they stand for", async () => {
    expect((await send({ query: `{ ${aliases(100)} }` })).errors).toBeUndefined();
    const rule = ["GRAPHQL_VALIDATION_FAILED", "The document has more than 100 aliases."];
    expect(await refusal({ query: `{ ${aliases(101)} }` })).toEqual(rule);
    const fragments = `fragment F on Query { ${aliases(60)} } fragment P on Provider { ${aliases(60)} }`;
    const twice = `{ ...F providers { ...P } } ${fragments}`;
    expect(await refusal({ query: twice })).toEqual(rule);
  });

  it("a document of a hundred directives is answered, one more is refused, wherever they stand", async () => {
    const nested = (count: number): string => `{ ${skips(count)} { __typename } ${"}".repeat(count)}`;
    expect((await send({ query: nested(100) })).errors).toBeUndefined();
    const rule = ["GRAPHQL_VALIDATION_FAILED", "The document has more than 100 directives."];
    expect(await refusal({ query: nested(101) })).toEqual(rule);
    const two = "__typename @skip(if: false) @include(if: true) ";
    const inFragment = `fragment F on Query @unknown { ${two.repeat(50)} }`;
    const { errors = [] } = await send({ query: `{ ...F } ${inFragment}` });
    expect(errors.map(({ message }) => message)).toContain(rule[1]);
  });

  describe("lists in lists", () => {
    const events = "events(first: 100) { edges { node { id } } }";
    const page = (first: string, inner: string): string => `cards(first: ${first}) { edges { node { ${inner} } } }`;
    const TOO_LONG = ["BAD_USER_INPUT", expect.stringContaining("may hold more than 20000 nodes")];

    it("are counted as often as the outer one is long", async () => {
      expect((await send({ query: `{ ${page("100", events)} }` })).errors).toBeUndefined();
      expect(await refusal({ query: `{ ${page("100", `${events} order { ${events} }`)} }` })).toEqual(TOO_LONG);
    });

    it("are counted by the variables that were sent, and by defaults where none were", async () => {
      const inner = "events(first: $e) { edges { node { id } } }";
      const query = `query($c: Int = 100, $e: Int = 100) { ${page("$c", `${inner} order { ${inner} }`)} }`;
      expect(await refusal({ query })).toEqual(TOO_LONG);
      expect(await refusal({ query, variables: { c: 100 } })).toEqual(TOO_LONG);
      expect((await send({ query, variables: { c: 20 } })).errors).toBeUndefined();
      const unsaid = `{ cards { edges { node { events { edges { node { id } } } } } } }`;
      expect((await send({ query: unsaid })).errors).toBeUndefined();
    });

    it("are counted through fragments and under every name", async () => {
      const query = `{ a: ${page("100", "...F")} b: ${page("100", "...F")} } fragment F on Card { ${events} }`;
      expect(await refusal({ query })).toEqual(TOO_LONG);
    });

    it("are counted for each entity that a gateway asks for", async () => {
      const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Card { ${events} } } }`;
      const representations = (count: number) => Array.from({ length: count }, () => ({ __typename: "Card", id: "x" }));
      expect(await refusal({ query, variables: { r: representations(200) } })).toEqual(TOO_LONG);
      expect((await send({ query, variables: { r: representations(10) } })).errors).toBeUndefined();
    });
  });
});

describe("an operation that orders once", () => {
  it("may ask for its answer in several fragments, beside other mutations", async () => {
    const query = `mutation { ...A ...B ${CONTACT} { replayed } }
      fragment A on Mutation { ${order("parts")} { replayed } }
      fragment B on Mutation { ${order("parts")} { order { orderNo } } }`;
    expect(await (await server.post({ query })).json()).toMatchObject({
      data: {
        createVirtualCard: { replayed: false, order: { orderNo: "parts" } },
        createCardContact: { replayed: false },
      },
    });
    expect(server.prepaidify.cardsByOrderNo().get("parts")).toBe(1);
  });

  it("may stand in a document beside others, of which one is carried out", async () => {
    const query = `mutation A { ${order("named-a")} { replayed } } mutation B { ${order("named-b")} { replayed } }`;
    const answer = await server.post({ query, operationName: "A" });
    expect(await answer.json()).toMatchObject({ data: { createVirtualCard: { replayed: false } } });
    expect(server.prepaidify.cardsByOrderNo().has("named-b")).toBe(false);
  });
});
