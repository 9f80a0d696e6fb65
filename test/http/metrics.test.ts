import { request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { read } from "../support/environment.js";

const TOKEN = "metrics-token-0123456789";
const start = async (env: Readonly<Record<string, string>>): Promise<Cardgraph> => {
  const server = await startCardgraph({ env });
  onTestFinished(() => server.close());
  return server;
};
const ask = (server: Cardgraph, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/metrics`, { headers });
const shown = (text: string): boolean => text.includes("cardgraph_live_sockets 0");

describe("the metrics", () => {
  it("are for whoever has the token, where there is one", async () => {
    const server = await start({ METRICS_TOKEN: TOKEN });
    for (const authorization of ["", TOKEN, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`]) {
      const answer = await ask(server, authorization ? { authorization } : {});
      const text = await answer.text();
      expect([answer.status, answer.headers.get("www-authenticate"), shown(text)]).toEqual([401, "Bearer", false]);
      expect(text).not.toContain(TOKEN);
    }
    const answer = await ask(server, { authorization: `Bearer ${TOKEN}`, "x-forwarded-for": "192.0.2.1" });
    expect([answer.status, shown(await answer.text())]).toEqual([200, true]);
    expect(server.log.join("")).not.toContain(TOKEN);
  });

  it("are for this machine alone where callers have to say who they are and there is no token", async () => {
    const server = await start({ AUTH: "keys" });
    expect(shown(await (await ask(server)).text())).toBe(true);
  });

  it.each([
    ["x-forwarded-for", "127.0.0.1"],
    ["forwarded", "for=127.0.0.1"],
    ["via", "1.1 proxy"],
    ["x-real-ip", "127.0.0.1"],
  ])("are not shown to whom a proxy on this machine speaks for (%s)", async (name, value) => {
    const server = await start({ AUTH: "keys", TRUSTED_PROXIES: "127.0.0.0/8" });
    const answer = await ask(server, { [name]: value });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: "NOT_FOUND" }) })] },
    ]);
  });

  it("are not shown by a name that is not this machine's, such as a proxy passes on", async () => {
    const server = await start({ AUTH: "keys" });
    const { hostname, port } = new URL(server.url);
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        const asked = request({ hostname, port, path: "/metrics", headers: { host } });
        asked
          .on("error", reject)
          .on("response", (answer) => resolve(answer.resume().statusCode))
          .end();
      });
    expect([await statusFor("cards.example"), await statusFor(`localhost:${port}`)]).toEqual([404, 200]);
  });

  it.each([
    [{}, "anybody"],
    [{ NODE_ENV: "production", SANDBOX: "true" }, "this_machine"],
    [{ AUTH: "keys" }, "this_machine"],
    [{ AUTH: "keys", METRICS_TOKEN: TOKEN }, "bearers"],
    [{ METRICS_TOKEN: TOKEN }, "bearers"],
  ])("of a server with %j are for %s", (env, kind) => {
    expect(read(env).edge.metricsReaders.kind).toBe(kind);
    expect(JSON.stringify(read(env).edge)).not.toContain(TOKEN);
  });
});
