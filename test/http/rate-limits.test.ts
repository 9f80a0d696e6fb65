import { afterEach, describe, expect, it, vi } from "vitest";
import { ANYBODY, type Authenticator, Unauthenticated } from "../../src/domain/identity.js";
import { OperationRate } from "../../src/http/operation-rate.js";
import { REFUSALS_PER_MINUTE, RefusedCallers } from "../../src/http/refused-callers.js";
import { type LiveServer, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { startRouter } from "../support/router.js";
import { ask } from "../support/sse-requests.js";
import { clientOf, collect, open } from "../support/ws-connection.js";

/** Lets in who names a tenant. */
const byName: Authenticator = {
  authenticate: async (authorization) => {
    if (authorization === undefined) throw new Unauthenticated("missing");
    if (authorization === "wrong") throw new Unauthenticated("invalid");
    return { ...ANYBODY, tenant: authorization };
  },
};

const post = (server: LiveServer, authorization?: string, query = "{ hello }"): Promise<Response> =>
  fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
    body: JSON.stringify({ query }),
  });
const seconds = (answer: Response): number => Number(answer.headers.get("retry-after"));
const TOO_MANY = {
  errors: [{ message: expect.any(String), extensions: { code: "TOO_MANY_REQUESTS", requestId: expect.any(String) } }],
};

describe("a tenant that has sent as many operations as it may in a minute", () => {
  const limited = async (): Promise<LiveServer> => {
    const server = await startLive({}, () => {}, { authenticator: byName, operationsPerMinute: 2 });
    expect([(await post(server, "acme")).status, (await post(server, "acme")).status]).toEqual([200, 200]);
    return server;
  };

  it("is told when to come back, and nothing is done", async () => {
    const server = await limited();
    const answer = await post(server, "acme", "mutation { spend }");
    expect(answer.status).toBe(429);
    expect(seconds(answer)).toBeGreaterThan(0);
    expect(seconds(answer)).toBeLessThanOrEqual(60);
    expect(await answer.json()).toEqual(TOO_MANY);
    expect(server.spent()).toBe(0);
    expect(server.journal).toEqual([{ event: "caller_refused", outcome: "rate_limited" }]);
  });

  it("takes nothing from another one", async () => {
    expect((await post(await limited(), "globex")).status).toBe(200);
  });

  it.each([
    ["a GET", { method: "GET", search: "?query=%7Bhello%7D", headers: { accept: "application/json" } }],
    ["server-sent events", {}],
    ["server-sent events by GET", { method: "GET", search: "?query=%7Bhello%7D" }],
  ] as const)("is refused over %s too", async (_name, how) => {
    const server = await limited();
    const more = { authorization: "acme", "apollo-require-preflight": "1" };
    const answer = await ask(server, "{ hello }", {
      ...how,
      headers: { ...("headers" in how && how.headers), ...more },
    });
    expect([answer.status, await answer.json()]).toEqual([429, TOO_MANY]);
    expect(seconds(answer)).toBeGreaterThan(0);
  });

  it("is refused a subscription by callback, and the router is sent nothing", async () => {
    const router = await startRouter();
    const callbackUrls = [router.url];
    const server = await startLive({}, () => {}, { authenticator: byName, operationsPerMinute: 1, callbackUrls });
    await post(server, "acme");
    const headers = { authorization: "acme" };
    const answer = await router.subscribe(server, "subscription { ticks }", { headers });
    expect([answer.status, await answer.json()]).toEqual([429, TOO_MANY]);
    expect(router.messages).toEqual([]);
  });

  it("is refused each operation on a WebSocket, which stays open and holds no place for it", async () => {
    const server = await startLive({ operationsPerSocket: 1 }, () => {}, { operationsPerMinute: 2 });
    const client = clientOf(server);
    expect(await collect(client, "{ hello }")).toHaveLength(1);
    const { subscribe, messages, socket } = await open(server);
    subscribe("1", "mutation { spend }");
    await eventually(() => server.spent() === 1);
    for (const id of ["2", "3"]) {
      subscribe(id, "mutation { spend }");
      await eventually(() => messages.some((message) => message.id === id));
      expect(messages.at(-1)).toMatchObject({ id, type: "error", payload: TOO_MANY.errors });
    }
    expect(server.spent()).toBe(1);
    expect(socket.readyState).toBe(socket.OPEN);
  });
});

describe("an address that sends wrong credentials", () => {
  const blocked = async (): Promise<LiveServer> => {
    const server = await startLive({}, () => {}, { authenticator: byName });
    expect((await post(server, "acme")).status).toBe(200);
    for (let sent = 0; sent < REFUSALS_PER_MINUTE; sent += 1) expect((await post(server, "wrong")).status).toBe(401);
    return server;
  };

  it("is soon not looked into any more, over any transport, and those who were in stay in", async () => {
    const server = await blocked();
    const answer = await post(server, "wrong");
    expect([answer.status, await answer.json()]).toEqual([429, TOO_MANY]);
    expect(seconds(answer)).toBeGreaterThan(0);
    expect((await ask(server, "{ hello }", { headers: { authorization: "wrong" } })).status).toBe(429);
    expect((await post(server, "somebody new")).status).toBe(429);
    expect((await post(server, "acme")).status).toBe(200);
    const { send, closed } = await open(server, false);
    send({ type: "connection_init", payload: { authorization: "wrong" } });
    expect(await closed).toMatch(/^1013 Too many/);
  });

  it("is told the same as ever when it sends none", async () => {
    expect((await post(await blocked())).status).toBe(401);
  });
});

describe("after a minute", () => {
  afterEach(() => void vi.useRealTimers());

  it("a tenant may go on, and an address is looked into again", async () => {
    vi.useFakeTimers();
    const rate = new OperationRate(1);
    const refused = new RefusedCallers();
    await rate.waitSeconds("acme");
    for (let sent = 0; sent < REFUSALS_PER_MINUTE; sent += 1) await refused.refused("192.0.2.1");
    vi.advanceTimersByTime(20_500);
    expect([await rate.waitSeconds("acme"), await refused.waitSeconds("192.0.2.1", "x")]).toEqual([40, 40]);
    expect(await refused.waitSeconds("192.0.2.2", "x")).toBeNull();
    vi.advanceTimersByTime(40_000);
    expect([await rate.waitSeconds("acme"), await refused.waitSeconds("192.0.2.1", "x")]).toEqual([null, null]);
  });

  it("a server without a limit never refuses", async () => {
    const rate = new OperationRate(0);
    for (let sent = 0; sent < 100; sent += 1) expect(await rate.waitSeconds("acme")).toBeNull();
  });
});
