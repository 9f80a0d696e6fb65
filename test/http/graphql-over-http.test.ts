import { createHash } from "node:crypto";
import { getIntrospectionQuery } from "graphql";
import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph();
});
afterAll(() => server.close());

const text = async (answer: Response): Promise<string> => `${answer.status} ${await answer.text()}`;

describe("the GraphQL over HTTP specification", () => {
  const audits = serverAudits({
    url: () => `${server.url}/graphql`,
    fetchFn: (url: string, init?: RequestInit) =>
      fetch(url, { ...init, headers: { ...init?.headers, "apollo-require-preflight": "1" } }),
  });

  it("has 61 audits", () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))("%s", async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status, "reason" in result ? result.reason : "").toBe("ok");
  });
});

describe("a request that never becomes GraphQL", () => {
  const shaped = async (answer: Response, status: number, code: string): Promise<void> => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/json");
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: Record<string, string> }[] };
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toEqual({ code, requestId: answer.headers.get("x-request-id") });
  };

  it("with malformed JSON is told so in GraphQL's shape", async () => {
    await shaped(await server.post('{"query":'), 400, "BAD_REQUEST");
  });

  it("that is too large is told so in GraphQL's shape", async () => {
    await shaped(await server.post({ query: `{ a(b: "${"x".repeat(100_000)}") }` }), 413, "PAYLOAD_TOO_LARGE");
  });

  it("of another media type is told so in GraphQL's shape", async () => {
    await shaped(await server.post("a=b", { "content-type": "application/xml" }), 415, "UNSUPPORTED_MEDIA_TYPE");
  });

  it.each([
    ["a batch", [{ query: "{ __typename }" }], {}, 400],
    ["a body without an operation", {}, {}, 400],
    ["variables as a text", { query: "{ __typename }", variables: "{}" }, {}, 400],
    ["what a simple form could send", "query={__typename}", { "content-type": "text/plain" }, 400],
    ["a wish for another media type", { query: "{ __typename }" }, { accept: "multipart/mixed" }, 406],
  ] as const)("as %s is told so in GraphQL's shape", async (_name, body, headers: Record<string, string>, status) => {
    await shaped(await server.post(body, headers), status, "BAD_REQUEST");
  });

  it.each([
    ["under another one's hash", { version: 1, sha256Hash: "0".repeat(64) }],
    ["of another version", { version: 2, sha256Hash: "0".repeat(64) }],
  ])("as a persisted query %s is told so, and is no fault of the server's", async (_name, persistedQuery) => {
    const extensions = { persistedQuery };
    await shaped(await server.post({ query: "{ __typename }", extensions }), 400, "BAD_REQUEST");
    expect(server.log.join()).not.toContain("masked error");
  });

  it("by the hash alone is answered once the text was, and is told that it is not known before", async () => {
    const query = "query ByItsHash { __typename }";
    const extensions = { persistedQuery: { version: 1, sha256Hash: createHash("sha256").update(query).digest("hex") } };
    const answers: string[] = [];
    for (const body of [{ extensions }, { query }, { extensions }, { query }]) {
      answers.push(await text(await server.post(body)));
    }
    const [unknown, ...others] = answers;
    expect(unknown).toContain("PERSISTED_QUERY_NOT_FOUND");
    expect(new Set(others)).toEqual(new Set(['200 {"data":{"__typename":"Query"}}\n']));
  });

  it.each(["{ ", "{ nothing }"])("with the faulty text %j is told the same, however often it comes", async (query) => {
    const answers: string[] = [];
    for (const _ of [1, 2, 3])
      answers.push((await text(await server.post({ query }))).replace(/"requestId":"[^"]*"/, ""));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/GRAPHQL_(PARSE|VALIDATION)_FAILED/);
  });

  it("to an address that is not there is told so in GraphQL's shape", async () => {
    await shaped(await fetch(`${server.url}/nothing/here`), 404, "NOT_FOUND");
  });
});

describe("a document", () => {
  it("of thousands of tokens is refused before it is understood", async () => {
    const answer = await text(await server.post({ query: `${"{ card ".repeat(5_000)}${"}".repeat(5_000)}` }));
    expect(answer).toContain("GRAPHQL_PARSE_FAILED");
  });

  it("is refused when its fragments double with every step, before anything is read", async () => {
    const steps = Array.from({ length: 25 }, (_, n) => {
      const next = n < 24 ? `a: order { card { ...F${n + 1} } } b: order { card { ...F${n + 1} } }` : "id";
      return `fragment F${n} on Card { ${next} }`;
    });
    const answer = await server.post({ query: `{ cardOrder(orderNo: "x") { card { ...F0 } } } ${steps.join(" ")}` });
    expect(await text(answer)).toContain("The document nests fields deeper than 16 levels.");
  });

  it("is refused when it asks for thousands of fields in a few levels", async () => {
    const wide = `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: order { ...Wide }`).join(" ")} }`;
    const fragment = `fragment Wide on CardOrder { ${"id orderNo state ".repeat(10)} }`;
    const query = `{ cards { edges { node ${wide} } } } ${fragment}`;
    expect(await text(await server.post({ query }))).toContain("The document asks for more than 1000 fields.");
  });

  it("that introspects as tools do is within the bounds", async () => {
    const answer = await server.post({ query: getIntrospectionQuery({ inputValueDeprecation: true }) });
    expect(await text(answer)).not.toContain('"errors"');
  });

  it.each([
    undefined,
    "C",
  ])("of several operations is refused, however often, when the one to run is %s", async (name) => {
    const query = "query A { __typename } query B { __typename }";
    for (let use = 0; use < 7; use += 1) {
      const answer = await text(await server.post({ query, operationName: name }));
      expect(answer).toMatch(/^400 .*"OPERATION_RESOLUTION_FAILURE"/s);
    }
    expect(server.log.join()).not.toContain("masked error");
  });

  it("is refused as a batch", async () => {
    expect((await server.post([{ query: "{ __typename }" }])).status).toBe(400);
  });

  it.each([
    ["what a simple form can send", "query={__typename}", "text/plain"],
    ["what merely has the words in its type", { query: "{ __typename }" }, "text/plain; x=application/json"],
  ])("is refused to a page of another site: %s", async (_name, body, type) => {
    const answer = await server.post(body, { "content-type": type });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("CSRF")]);
  });

  it("that changes something is refused as a GET", async () => {
    const input = '{ firstName: "a", lastName: "b", mobile: "+4912345678", email: "a@b.example" }';
    const query = encodeURIComponent(`mutation { createCardContact(input: ${input}) { replayed } }`);
    const answer = await fetch(`${server.url}/graphql?query=${query}`, {
      headers: { "apollo-require-preflight": "1" },
    });
    expect(answer.status).toBe(405);
    expect(server.pagsmile.contacts.count).toBe(0);
  });
});

describe("an error", () => {
  const planted = ["jane.doe@planted.example", "4111 1111 1111 1111", "+5511987654321"];
  const bad = [
    (value: string) => ({ query: `{ card(id: { x: "${value}" }) { id } }` }),
    (value: string) => ({ query: `{ cards(first: "${value}") { edges { cursor } } }` }),
    (value: string) => ({ query: `{ card "${value}" }` }),
    (value: string) => ({ query: `{ cardRanges(provider: "${value}") { id } }` }),
    (value: string) => ({
      query: "query($p: ProviderCode) { cardRanges(provider: $p) { id } }",
      variables: { p: value },
    }),
    (value: string) => ({ query: "query($n: Int) { cards(first: $n) { edges { cursor } } }", variables: { n: value } }),
    (value: string) => ({
      query: "mutation($i: CreateCardContactInput!) { createCardContact(input: $i) { replayed } }",
      variables: { i: { firstName: value, email: value, [value]: value } },
    }),
    (value: string) => ({
      query: "mutation($i: CreateVirtualCardInput!) { createVirtualCard(input: $i) { replayed } }",
      variables: { i: { orderNo: value, cardRangeId: value, deposit: { amountMinor: value } } },
    }),
  ];

  it("names the rule and never repeats a value, in the answer or in the log", async () => {
    for (const make of bad) {
      for (const value of planted) {
        const answer = await text(await server.post(make(value)));
        expect(answer).toContain('"errors"');
        expect(answer).toMatch(/"requestId":"[0-9a-f-]{36}"/);
        for (const secret of planted) expect(answer).not.toContain(secret);
      }
    }
    for (const secret of planted) expect(server.log.join("\n")).not.toContain(secret);
  });

  it("carries the stable code of its kind", async () => {
    expect(await text(await server.post({ query: "{ nothing }" }))).toContain("GRAPHQL_VALIDATION_FAILED");
    expect(await text(await server.post({ query: "{" }))).toContain("GRAPHQL_PARSE_FAILED");
    const wrong = { query: "query($n: Int) { cards(first: $n) { edges { cursor } } }", variables: { n: "x" } };
    expect(await text(await server.post(wrong))).toContain("BAD_USER_INPUT");
  });
});

describe("operations", () => {
  it("says that it lives, that it is ready, and what it has counted", async () => {
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain("cardgraph_provider_call_seconds");
  });

  it("offers the playground, not Apollo's landing page", async () => {
    const page = await fetch(`${server.url}/graphql`, { headers: { accept: "text/html" } });
    expect(await page.text()).not.toContain("Apollo");
  });
});
