import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES, type Scope } from "../../src/domain/scope.js";
import { ACCESS } from "../../src/schema/access.js";
import { ENTITY_TYPES, type EntityType } from "../../src/schema/node.type.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type Issuer, startIssuer } from "../support/issuer.js";
import { documentFor, ROOT_FIELDS } from "../support/root-fields.js";
import { sendBy, WAYS_IN, type WayIn } from "../support/ways-in.js";

let issuer: Issuer;
let server: Cardgraph;
beforeAll(async () => {
  issuer = await startIssuer();
  server = await startCardgraph({ env: { ...issuer.env, RATE_LIMIT_PER_MINUTE: "0" } });
});
afterAll(async () => {
  await server.close();
  await issuer.close();
});

/** Every set of scopes there is without one of them, none at all among them. */
function setsWithout(needed: Scope): readonly (readonly Scope[])[] {
  const others = SCOPES.filter((scope) => scope !== needed);
  const subsets = Array.from({ length: 2 ** others.length }, (_, bits) =>
    others.filter((_one, at) => bits & (1 << at)),
  );
  return subsets;
}

const tokens = new Map<string, Promise<string>>();
/** One token for each set of scopes, because signing is what costs. */
function tokenWith(scopes: readonly Scope[]): Promise<string> {
  const key = scopes.join(" ");
  const token = tokens.get(key) ?? issuer.tokenFor({ tenant: "acme", scopes: key });
  tokens.set(key, token);
  return token;
}

/** Whether a field of this kind comes in this way at all. */
const comesIn = (kind: string, way: WayIn): boolean => {
  if (kind === "mutation") return way !== "GET";
  return kind === "query" || way === "SSE" || way === "WebSocket";
};

const guarded = ROOT_FIELDS.flatMap((one) =>
  one.needed.flatMap((needed) =>
    WAYS_IN.filter((way) => comesIn(one.kind, way)).map((way) => [one.place, way, needed, one] as const),
  ),
);

describe("a root field", () => {
  it("is open without a scope only where that is said", () => {
    const open = ROOT_FIELDS.filter(({ needed }) => needed.length === 0).map(({ place }) => place);
    expect(open).toEqual(["Query.node", "Query.providers"]);
  });

  it.each(guarded)("%s over %s is refused with every set of scopes but %s", async (_place, way, needed, one) => {
    const before = [server.prepaidify.requests.length, server.pagsmile.requests.length];
    for (const scopes of setsWithout(needed)) {
      const { text } = await sendBy(way, server.url, { query: documentFor(one) }, await tokenWith(scopes));
      expect(text, `with ${scopes}`).toContain('"code":"FORBIDDEN"');
      expect(text).toContain(`scope ${needed}`);
      expect(text).not.toMatch(/"data":\{"\w+":[^n]/);
    }
    expect([server.prepaidify.requests.length, server.pagsmile.requests.length]).toEqual(before);
  });

  it.each(guarded)("%s over %s is not refused for want of a scope with %s alone", async (_place, way, needed, one) => {
    const { status, text } = await sendBy(way, server.url, { query: documentFor(one) }, await tokenWith([needed]));
    expect(status).toBe(200);
    expect(text).not.toContain("FORBIDDEN");
  });
});

const IDS: Readonly<Record<EntityType, string>> = {
  Card: `card_${"0".repeat(32)}`,
  CardHolder: `chd_${"0".repeat(32)}`,
  CardContact: `cct_${"0".repeat(32)}`,
  CardOrder: `ord_${"0".repeat(32)}`,
};
const lookedUp = ENTITY_TYPES.flatMap((type) =>
  (["POST", "GET", "SSE", "WebSocket"] as const).flatMap((way) => [
    [type, "node", way, `{ node(id: "${IDS[type]}") { id } }`] as const,
    [
      type,
      "_entities",
      way,
      `{ _entities(representations: [{ __typename: "${type}", id: "${IDS[type]}" }]) { __typename } }`,
    ] as const,
  ]),
);

describe("an entity", () => {
  it.each(lookedUp)("%s through %s over %s asks for its own scope", async (type, _field, way, query) => {
    const needed = ACCESS[type];
    for (const scopes of setsWithout(needed)) {
      const { text } = await sendBy(way, server.url, { query }, await tokenWith(scopes));
      expect(text, `with ${scopes}`).toContain('"code":"FORBIDDEN"');
    }
    expect((await sendBy(way, server.url, { query }, await tokenWith([needed]))).text).not.toContain("FORBIDDEN");
  });
});

it("an operation that asks for two fields is refused the one that it may not have, and given the other", async () => {
  const query = '{ providers { code } cards { edges { cursor } } cardContact(id: "x") { id } }';
  const { text } = await sendBy("POST", server.url, { query }, await tokenWith(["cards:read"]));
  expect(JSON.parse(text)).toMatchObject({
    data: { providers: [{}, {}], cards: { edges: [] }, cardContact: null },
    errors: [{ path: ["cardContact"], extensions: { code: "FORBIDDEN" } }],
  });
});
