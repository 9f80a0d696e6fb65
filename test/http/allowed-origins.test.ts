import { describe, expect, it } from "vitest";
import { AllowedOrigins } from "../../src/http/allowed-origins.js";
import { names, read } from "../support/environment.js";
import { type LiveServer, startLive } from "../support/live-server.js";
import { handshake } from "../support/ws-connection.js";

const APP = "https://app.example";
const OTHER = "https://other.example";
const start = (...origins: readonly string[]): Promise<LiveServer> =>
  startLive({}, () => {}, { origins: new AllowedOrigins(origins) });
const preflight = (server: LiveServer, origin: string, headers = "content-type, authorization"): Promise<Response> =>
  fetch(server.url, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": headers },
  });
const ask = (server: LiveServer, origin: string, more: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url, {
    method: "POST",
    headers: { origin, "content-type": "application/json", ...more },
    body: JSON.stringify({ query: "{ hello }" }),
  });
/** What an answer says of origins. */
const told = ({ headers }: Response): readonly string[] =>
  [...headers.keys()].filter((name) => name.startsWith("access-"));

describe("a page of another site", () => {
  it("is told nothing where no origin is allowed, so that browsers keep it out", async () => {
    const server = await start();
    expect(told(await preflight(server, APP))).toEqual([]);
    const answer = await ask(server, APP);
    expect([told(answer), answer.headers.get("vary")]).toEqual([[], null]);
  });

  it("that is allowed may ask and read, over every transport, and its browser remembers that", async () => {
    const server = await start(OTHER, APP);
    const first = await preflight(server, APP, "x-evil");
    expect([first.status, await first.text()]).toEqual([204, ""]);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "access-control-allow-origin": APP,
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": expect.stringMatching(/\bauthorization, content-type\b(?!.*evil)/),
      "access-control-max-age": "7200",
      vary: "Origin",
    });
    for (const accept of ["application/json", "text/event-stream"]) {
      const answer = await ask(server, APP, { accept });
      expect(await answer.text()).toContain("world");
      expect(answer.headers.get("access-control-allow-origin")).toBe(APP);
      expect(answer.headers.get("access-control-expose-headers")).toContain("retry-after");
      expect(answer.headers.get("vary")).toContain("Origin");
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
    }
    expect((await handshake(server, "/graphql", { origin: APP }))[0]).toBe(101);
  });

  it.each([
    OTHER,
    "null",
    "https://app.example.evil.example",
    "http://app.example",
    "https://app.example:8443",
  ])("that is not allowed is kept out: %s", async (origin) => {
    const server = await start(APP);
    for (const answer of [await preflight(server, origin), await ask(server, origin)]) {
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
      expect(answer.headers.get("vary")).toContain("Origin");
    }
    expect((await handshake(server, "/graphql", { origin }))[0]).toBe(403);
  });

  it("may be any where that is allowed", async () => {
    const server = await start("*");
    expect((await ask(server, OTHER)).headers.get("access-control-allow-origin")).toBe("*");
    expect((await handshake(server, "/graphql", { origin: OTHER }))[0]).toBe(101);
  });

  it("keeps what else a GET's answer depends on", async () => {
    const server = await start(APP);
    const answer = await fetch(`${server.url}?query=%7Bhello%7D`, {
      headers: { origin: APP, accept: "application/json", "apollo-require-preflight": "1" },
    });
    expect(answer.headers.get("vary")).toBe("Origin, Accept, Authorization");
  });
});

describe("every page", () => {
  it("may be allowed only where those who ask have to say who they are", () => {
    expect(names({ CORS_ORIGINS: "*" })).toEqual(["CORS_ORIGINS"]);
    expect(read({ CORS_ORIGINS: "*", AUTH: "keys" }).edge.corsOrigins).toEqual(["*"]);
    expect(names({ CORS_ORIGINS: `*,${APP}`, AUTH: "keys" })).toEqual(["CORS_ORIGINS"]);
    expect(read({ CORS_ORIGINS: `${APP}, http://localhost:5173` }).edge.corsOrigins).toEqual([
      APP,
      "http://localhost:5173",
    ]);
  });
});
