import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";

const ALWAYS = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

describe("every answer", () => {
  let server: Cardgraph;
  beforeAll(async () => {
    server = await startCardgraph({ env: { PUBLIC_URL: "https://cards.example" } });
  });
  afterAll(() => server.close());

  it.each([
    [
      "an operation's",
      "/graphql",
      { method: "POST", headers: { "content-type": "application/json" }, body: '{"query":"{__typename}"}' },
    ],
    ["that of server-sent events", "/graphql?query=%7B__typename%7D", { headers: { accept: "text/event-stream" } }],
    ["a refusal", "/graphql", { method: "POST", headers: { "content-type": "application/json" }, body: "{" }],
    ["that to nothing that is there", "/nothing", {}],
    ["a provider's", "/callbacks/prepaidify/events/x", { method: "POST", body: "{}" }],
    ["that about health", "/health/ready", {}],
    ["that of the metrics", "/metrics", {}],
  ])("has the headers that keep browsers from doing more with it than it is for: %s", async (_name, path, init) => {
    const answer = await fetch(server.url + path, init);
    await answer.text();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...ALWAYS,
      "strict-transport-security": "max-age=31536000",
    });
    for (const name of ["x-powered-by", "server", "set-cookie"]) expect(answer.headers.has(name)).toBe(false);
  });

  it("is the page's own where it is the playground's: with a policy by which it works", async () => {
    const { headers } = await fetch(`${server.url}/graphiql`);
    const { "content-security-policy": _of, ...others } = ALWAYS;
    expect(Object.fromEntries(headers)).toMatchObject(others);
    expect(headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("asks for TLS only where clients come by it", async () => {
    const plain = await startCardgraph();
    expect((await fetch(`${plain.url}/health/live`)).headers.has("strict-transport-security")).toBe(false);
    await plain.close();
  });

  it("about health says so, or not, and no more", async () => {
    expect(await (await fetch(`${server.url}/health/live`)).text()).toBe('{"status":"live"}');
    expect(await (await fetch(`${server.url}/health/ready`)).text()).toBe('{"status":"ready"}');
  });
});
