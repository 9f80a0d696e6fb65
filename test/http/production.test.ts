import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { clientOf, collect } from "../support/ws-connection.js";

const NODE_ENV = "production";
/** How the operations come in. */
const WAYS = [
  ["a plain request", async (server: Cardgraph, query: string) => (await server.post({ query })).text()],
  [
    "server-sent events",
    async (server: Cardgraph, query: string) => (await server.post({ query }, { accept: "text/event-stream" })).text(),
  ],
  [
    "a WebSocket",
    async (server: Cardgraph, query: string) => {
      const client = clientOf({ wsUrl: `${server.url.replace("http", "ws")}/graphql` });
      return JSON.stringify(await collect(client, query).catch((errors: unknown) => ({ errors })));
    },
  ],
] as const;

const TELLING = ["{ __schema { queryType { name } } }", '{ __type(name: "Card") { name } }', "{ _service { sdl } }"];

describe("in production", () => {
  let server: Cardgraph;
  beforeAll(async () => {
    server = await startCardgraph({ env: { NODE_ENV } });
  });
  afterAll(() => server.close());

  describe.each(WAYS)("over %s", (_way, ask) => {
    it.each(TELLING)("nobody is told the schema by %s", async (query) => {
      const answer = await ask(server, query);
      expect(answer).toContain("GRAPHQL_VALIDATION_FAILED");
      expect(answer).toContain("does not tell its schema");
      expect(answer).not.toContain('"data":{');
    });

    it("nobody is told it through a fragment", async () => {
      const query = "{ ...F } fragment F on Query { a: __schema { types { name } } }";
      expect(await ask(server, query)).toContain("does not tell its schema");
    });

    it("no error hints at it", async () => {
      const answer = await ask(server, '{ cardOrde(orderNo: "x") { id } }');
      expect(answer).toContain("GRAPHQL_VALIDATION_FAILED");
      expect(answer).not.toMatch(/Did you mean|cardOrders?\b/);
    });

    it("names of types are told all the same: clients need them", async () => {
      expect(await ask(server, "{ providers { __typename } }")).toContain('"__typename":"Provider"');
    });
  });

  it("there is no playground", async () => {
    const page = await fetch(`${server.url}/graphiql`);
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining("PLAYGROUND=true")]);
  });
});

describe.each([
  ["in production, when it is asked for", { NODE_ENV, INTROSPECTION: "true", PLAYGROUND: "true" }],
  ["elsewhere", {}],
])("%s", (_name, env) => {
  it("the schema is told, to gateways too, and there is a playground", async () => {
    const server = await startCardgraph({ env });
    const answers = await Promise.all(
      WAYS.flatMap(([, ask]) => TELLING.map(async (query) => ask(server, query) as Promise<string>)),
    );
    for (const answer of answers) expect(answer).not.toContain("errors");
    const { data } = (await (await server.post({ query: "{ _service { sdl } }" })).json()) as Answer<{
      _service: { sdl: string };
    }>;
    expect(data?._service.sdl).toContain("type Card");
    expect((await fetch(`${server.url}/graphiql`)).status).not.toBe(404);
    await server.close();
  });
});
