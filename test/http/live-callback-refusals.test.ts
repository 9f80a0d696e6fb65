import { describe, expect, it } from "vitest";
import { SECRET, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { startRouter, startWithRouter } from "../support/router.js";

const TICKS = "subscription { ticks }";

describe("a subscription by callback is refused", () => {
  const elsewhere = (url: string): readonly string[] => [
    url.replace("127.0.0.1", "localhost"),
    url.replace("http:", "https:"),
    url.replace(/:\d+/, ":1"),
    `${url}-of-others/s1`,
    `${url}/../private`,
    `${url}/%2e%2e/private`,
    `${url}/..%2fprivate`,
    `${url}/s1?to=private`,
    `${url}/s1#private`,
    url.replace("//", "//user:word@"),
    `http://169.254.169.254/callback/s1?${url}`,
    "file:///etc/passwd",
    "callback/s1",
    "",
  ];

  it("to an address that was not allowed, before a byte goes out", async () => {
    const [server, router] = await startWithRouter();
    for (const callbackUrl of elsewhere(router.url)) {
      const answer = await router.subscribe(server, TICKS, { callback: { callbackUrl } });
      expect(answer.status, callbackUrl).toBe(403);
      const { errors } = (await answer.json()) as { errors: object[] };
      expect(errors).toEqual([
        {
          message: expect.stringContaining("callbackUrl"),
          extensions: { code: "FORBIDDEN", requestId: expect.any(String) },
        },
      ]);
    }
    expect(router.messages).toEqual([]);
    expect(server.ticks.returned).toBe(0);
  });

  it.each([
    ["no callbackUrl", { callbackUrl: undefined }],
    ["no id", { subscriptionId: "" }],
    ["no verifier", { verifier: 1 }],
    ["heartbeats without end", { heartbeatIntervalMs: 1 }],
    ["a heartbeat that never comes", { heartbeatIntervalMs: 3_600_001 }],
  ])("with %s", async (_name, callback) => {
    const [server, router] = await startWithRouter();
    const answer = await router.subscribe(server, TICKS, { callback });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("heartbeatIntervalMs");
    expect(router.messages).toEqual([]);
  });

  it.each([
    ["another media type", { headers: { "content-type": "text/plain; x=application/json" } }, 400, "CSRF"],
    ["no document", { body: { query: 1 } }, 400, "BAD_REQUEST"],
    ["a query", { body: { query: "{ hello }" } }, 400, "BAD_REQUEST"],
    ["a mutation", { body: { query: "mutation { spend }" } }, 400, "BAD_REQUEST"],
    ["a document that is not valid", { body: { query: "subscription { nothing }" } }, 200, "GRAPHQL_VALIDATION_FAILED"],
    ["an order that is not there", { body: { query: "subscription { refused }" } }, 200, "BAD_USER_INPUT"],
    ["a source that cannot be opened", { body: { query: "subscription { unopened }" } }, 200, "INTERNAL_SERVER_ERROR"],
    ["a caller who is not known", { headers: { authorization: "refused" } }, 200, "BAD_REQUEST"],
  ])("for %s, and the router is sent nothing", async (_name, how, status, code) => {
    const [server, router] = await startWithRouter();
    const answer = await router.subscribe(server, TICKS, how);
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(text).toContain(code);
    expect(text).not.toContain(SECRET);
    expect(router.messages).toEqual([]);
    expect(server.spent()).toBe(0);
    expect(server.route.openOperations()).toBe(0);
  });

  it.each([200, 307, 400, 404, 500])("when the router answers %d instead of confirming it", async (status) => {
    const [server, router] = await startWithRouter();
    router.answer = () => status;
    const answer = await router.subscribe(server, TICKS);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("did not confirm");
    expect(router.actions()).toEqual(["check"]);
    expect(server.ticks.open).toBe(0);
    expect(server.route.openOperations()).toBe(0);
  });

  it("when the router does not answer in time", async () => {
    const [server, router] = await startWithRouter({ callbackDeadlineMs: 50 });
    router.answer = () => undefined;
    expect((await router.subscribe(server, TICKS)).status).toBe(400);
    expect(server.ticks.open).toBe(0);
    expect(server.route.openOperations()).toBe(0);
  });

  it("while its id is in use, and taken when that has ended", async () => {
    const [server, router] = await startWithRouter();
    await router.subscribe(server, TICKS);
    expect((await router.subscribe(server, TICKS)).status).toBe(400);
    server.ticks.finish();
    await eventually(() => server.route.openOperations() === 0);
    expect((await router.subscribe(server, TICKS)).status).toBe(200);
  });

  it.each([
    ["in all", { operationsMax: 1 }, "server_full"],
    ["of one address", { operationsPerClient: 1 }, "client_full"],
  ])("when there are too many %s", async (_name, limits, outcome) => {
    const [server, router] = await startWithRouter(limits);
    await router.subscribe(server, TICKS);
    const answer = await router.subscribe(server, TICKS, { callback: { subscriptionId: "s2" } });
    expect(answer.status).toBe(429);
    expect(router.actions()).toEqual(["check"]);
    expect(server.journal).toEqual([{ event: "live_operation_refused", transport: "callback", outcome }]);
  });

  it("by a server that allows no address, which says how else to subscribe", async () => {
    const router = await startRouter();
    const server = await startLive();
    const answer = await router.subscribe(server, TICKS);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("text/event-stream");
    expect(router.messages).toEqual([]);
  });
});
