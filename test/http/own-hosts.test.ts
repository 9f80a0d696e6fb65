import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OwnHosts } from "../../src/http/own-hosts.js";
import { accountsOf, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { handshake } from "../support/ws-connection.js";

const portOf = (server: Cardgraph): number => Number(new URL(server.url).port);

/** The status and the body of the answer to a request for a host of that name. */
function askFor(
  server: Cardgraph,
  host: string,
  path: string,
  { method = "GET", headers = {}, body = "" } = {},
): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: "127.0.0.1", port: portOf(server), path, method },
      headers: { ...headers, host },
    });
    asked.on("response", async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve([response.statusCode ?? 0, text]);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

describe("a server that asks nobody who they are", () => {
  it.each([
    ["localhost", true],
    ["localhost:4000", true],
    ["LOCALHOST:4000", true],
    ["127.0.0.1:4000", true],
    ["127.9.9.9", true],
    ["[::1]:4000", true],
    ["cards.example", true],
    ["cards.example:443", true],
    ["evil.example", false],
    ["evil.example:4000", false],
    ["localhost.evil.example", false],
    ["127.0.0.1.evil.example", false],
    ["evil.example@127.0.0.1", false],
    ["127.0.0.1/evil.example", false],
    ["evil.example#localhost", false],
    ["192.0.2.1", false],
    ["[::2]", false],
    ["0.0.0.0:4000", false],
    ["", false],
    [undefined, false],
  ])("that is reached as https://cards.example takes %s for its own: %s", (header, isOwn) => {
    expect(new OwnHosts("https://cards.example/base").has(header)).toBe(isOwn);
  });
});

describe("with a real account, a server that asks nobody who they are", () => {
  let server: Cardgraph;
  beforeAll(async () => {
    server = await startCardgraph({ env: { AUTH: "none", PUBLIC_URL: "https://cards.example" } });
  });
  afterAll(() => server.close());

  const json = { "content-type": "application/json" };
  const order = JSON.stringify({
    query: `mutation { createVirtualCard(input: {
      orderNo: "rebound", cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1000 } }) { replayed } }`,
  });
  it.each([
    ["a mutation", "/graphql", { method: "POST", headers: json, body: order }],
    ["a GET", "/graphql?query=%7B__typename%7D", { headers: { "apollo-require-preflight": "1" } }],
    ["server-sent events", "/graphql?query=%7B__typename%7D", { headers: { accept: "text/event-stream" } }],
    ["what a browser asks first", "/graphql", { method: "OPTIONS" }],
    ["the playground", "/graphiql", {}],
    ["a callback", "/callbacks/prepaidify/events/x", { method: "POST", headers: json, body: "{}" }],
    ["its health", "/health/ready", {}],
    ["its metrics", "/metrics", {}],
    ["nothing that is there", "/nothing", {}],
  ])("answers %s neither to a page that has its own name lead here", async (_name, path, how) => {
    const [status, body] = await askFor(server, `evil.example:${portOf(server)}`, path, how);
    expect(status).toBe(421);
    expect(JSON.parse(body).errors[0].extensions).toMatchObject({ code: "MISDIRECTED_REQUEST" });
    expect(server.prepaidify.requests).toEqual([]);
  });

  it("opens no WebSocket to it either, whatever it says of its origin", async () => {
    const host = `evil.example:${portOf(server)}`;
    const origins: readonly Record<string, string>[] = [{}, { origin: `http://${host}` }];
    for (const origin of origins) {
      const headers = { host, ...origin };
      const [status, body] = await handshake({ port: portOf(server) }, "/graphql", headers);
      expect([status, body]).toEqual([421, expect.stringContaining("MISDIRECTED_REQUEST")]);
    }
    expect((await handshake({ port: portOf(server) }, "/graphql", { host: "localhost" }))[0]).toBe(101);
  });

  it("answers by its own names, and by the one that providers know", async () => {
    for (const host of ["localhost", `127.0.0.1:${portOf(server)}`, "cards.example"]) {
      expect((await askFor(server, host, "/health/live"))[0]).toBe(200);
    }
  });
});

describe("any name will do", () => {
  it("for a server that asks who they are", async () => {
    const server = await startCardgraph({ env: { AUTH: "keys" } });
    expect((await askFor(server, "any.example", "/health/live"))[0]).toBe(200);
    await server.close();
  });

  it("for a server of which every provider is a sandbox", async () => {
    const helper = await startCardgraph();
    const none = Object.fromEntries(
      Object.keys(accountsOf(helper.prepaidify, helper.pagsmile)).map((name) => [name, ""]),
    );
    const server = await startCardgraph({ env: none });
    expect((await askFor(server, "any.example", "/health/live"))[0]).toBe(200);
    expect((await handshake({ port: portOf(server) }, "/graphql", { host: "any.example" }))[0]).toBe(101);
    await server.close();
    await helper.close();
  });
});
