import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { documentFor, ROOT_FIELDS } from "../support/root-fields.js";
import { sendBy, WAYS_IN } from "../support/ways-in.js";

/** What nobody is, with what they send. */
const NOBODY = [
  ["nothing", undefined],
  ["an empty header", ""],
  ["a made-up key", `Bearer cgk_${"a".repeat(12)}_${"b".repeat(43)}`],
  ["a token that nobody signed", "Bearer eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJhY21lIn0."],
] as const;

/** Every route of the server in production, and what anybody is answered there without a word of who they are. */
const ROUTES: Readonly<Record<string, { readonly status: number; readonly says?: RegExp }>> = {
  "GET /graphql": { status: 401, says: /UNAUTHENTICATED/ },
  "POST /graphql": { status: 401, says: /UNAUTHENTICATED/ },
  "HEAD /graphql": { status: 401 },
  // What a browser asks before it sends anything; nothing is granted.
  "OPTIONS /graphql": { status: 400 },
  "GET /callbacks/prepaidify/validate/:operation": { status: 404 },
  // Refused for what it is before its address is looked at.
  "POST /callbacks/prepaidify/events/:token": { status: 400 },
  "POST /callbacks/pagsmile/events/:token": { status: 404 },
  "GET /graphiql": { status: 404, says: /PLAYGROUND=true/ },
  "HEAD /graphiql": { status: 404 },
  "GET /graphiql/*": { status: 404, says: /PLAYGROUND=true/ },
  "HEAD /graphiql/*": { status: 404 },
  // For operators; the page on security says to keep the outside from them.
  "GET /health/live": { status: 200, says: /^.{0,40}$/s },
  "HEAD /health/live": { status: 200 },
  "GET /health/ready": { status: 200, says: /^.{0,40}$/s },
  "HEAD /health/ready": { status: 200 },
  "GET /metrics": { status: 200, says: /^(?!.*(?:tenant|order_no|email|cgk_))/s },
  "HEAD /metrics": { status: 200 },
};

let server: Cardgraph;
const found = new Set<string>();
const listen = (message: unknown): void => {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) found.add(`${one} ${url}`);
  });
};
beforeAll(async () => {
  subscribe("fastify.initialization", listen);
  server = await startCardgraph({ env: { NODE_ENV: "production", AUTH: "keys" } });
  unsubscribe("fastify.initialization", listen);
});
afterAll(() => server.close());

const everyWay = ROOT_FIELDS.flatMap((one) =>
  WAYS_IN.flatMap((way) => NOBODY.map(([what, authorization]) => [one.place, way, what, authorization, one] as const)),
);

describe("in production with real accounts", () => {
  it.each(everyWay)("%s over %s is refused to who sends %s", async (_place, way, _what, authorization, one) => {
    const { status, text } = await sendBy(way, server.url, { query: documentFor(one) }, authorization);
    // Wrong credentials of one address are counted, and soon no longer looked into.
    expect(way === "WebSocket" ? [4401, 1013] : [401, 429]).toContain(status);
    expect(text).not.toContain('"data"');
  });

  it.each(WAYS_IN)("neither schema nor type is told over %s", async (way) => {
    for (const query of ["{ __schema { types { name } } }", "{ __typename }", "{ _service { sdl } }"]) {
      const { status, text } = await sendBy(way, server.url, { query });
      expect([status, text]).toEqual([way === "WebSocket" ? 4401 : 401, expect.not.stringContaining('"data"')]);
    }
  });

  it("there are no routes but those that are looked at here", () => {
    expect([...found].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ROUTES))("%s answers nobody anything that is somebody's", async (route, { status, says }) => {
    const [method = "", pattern = ""] = route.split(" ");
    const path = pattern
      .replace(":operation", "create?orderNo=x")
      .replace(":token", "x".repeat(24))
      .replace("*", "x.js");
    const body = method === "POST" ? { body: '{"query":"{ __typename }"}' } : {};
    const headers = { "content-type": "application/json", "apollo-require-preflight": "1" };
    const answer = await fetch(`${server.url}${path}`, { method, headers, ...body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    if (says) expect(await answer.text()).toMatch(says);
  });

  it("nothing was asked of a provider, and nothing placed", () => {
    expect([server.prepaidify.requests.length, server.pagsmile.requests.length]).toEqual([0, 0]);
  });
});
