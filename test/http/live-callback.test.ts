import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SECRET, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { type RouterDouble, startRouter, startWithRouter } from "../support/router.js";

const TICKS = "subscription { ticks }";
const BASE = { kind: "subscription", id: "s1", verifier: "v1" };

describe("a subscription by HTTP callback", () => {
  it("is confirmed, then answered, then sent event by event, and completed", async () => {
    const [server, router] = await startWithRouter();
    const answer = await router.subscribe(server, TICKS);
    expect(router.messages).toEqual([{ ...BASE, action: "check" }]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("subscription-protocol")).toBe("callback/1.0");
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(await answer.json()).toEqual({ data: null });
    for (const tick of [1, 2, 3]) server.ticks.publish(tick);
    server.ticks.finish();
    await eventually(() => server.route.openOperations() === 0);
    expect(router.messages.slice(1)).toEqual([
      ...[1, 2, 3].map((ticks) => ({ ...BASE, action: "next", payload: { data: { ticks } } })),
      { ...BASE, action: "complete" },
    ]);
    for (const headers of router.headers) {
      expect(headers).toMatchObject({ "content-type": "application/json", "subscription-protocol": "callback/1.0" });
    }
  });

  it("keeps the order of events for a router that is slow to take them", async () => {
    const [server, router] = await startWithRouter();
    router.answer = (_message, answer) => {
      setImmediate(() => answer.writeHead(204).end());
      return undefined;
    };
    await router.subscribe(server, TICKS);
    const events = Array.from({ length: 50 }, (_, index) => index);
    for (const tick of events) server.ticks.publish(tick);
    server.ticks.finish();
    await eventually(() => server.route.openOperations() === 0);
    const sent = router.messages.flatMap(({ payload }) => payload ?? []);
    expect(sent).toEqual(events.map((ticks) => ({ data: { ticks } })));
  });

  it("has a context of its own for every event, and shows errors masked", async () => {
    const [server, router] = await startWithRouter();
    await router.subscribe(server, "subscription { contexts }");
    server.ticks.publish(0);
    await eventually(() => router.messages.length === 2);
    expect(router.messages[1]?.payload).toEqual({ data: { contexts: 2 } });
    await router.subscribe(server, "subscription { odd }", { callback: { subscriptionId: "s2" } });
    server.ticks.publish(2);
    await eventually(() => router.messages.some(({ id, action }) => id === "s2" && action === "next"));
    const payload = router.messages.findLast(({ id }) => id === "s2")?.payload;
    expect(payload).toMatchObject({ data: { odd: null }, errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
    expect(JSON.stringify(router.messages)).not.toContain(SECRET);
    expect(server.unplanned).toMatchObject([{ message: SECRET }]);
  });

  it("whose source fails is completed with the error, masked", async () => {
    const [server, router] = await startWithRouter();
    await router.subscribe(server, "subscription { breaking }");
    await eventually(() => server.route.openOperations() === 0);
    expect(router.messages.at(-1)).toMatchObject({
      action: "complete",
      errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR", requestId: expect.any(String) } }],
    });
    expect(JSON.stringify(router.messages)).not.toContain(SECRET);
  });

  it("may name its document where only trusted ones are run, and is refused as a text there", async () => {
    const router = await startRouter();
    const name = createHash("sha256").update(TICKS).digest("hex");
    const trustedList = [{ name, text: TICKS }];
    const server = await startLive({}, () => {}, { callbackUrls: [router.url], trustedList });
    const refused = await router.subscribe(server, TICKS);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: "TRUSTED_DOCUMENT_REQUIRED" } }] });
    expect(router.messages).toEqual([]);
    const taken = await router.subscribe(server, "", { body: { documentId: name, query: undefined } });
    expect(await taken.json()).toEqual({ data: null });
  });
});

describe("heartbeats", () => {
  it("are sent within the time that the router asks for, until it has no such subscription", async () => {
    const [server, router] = await startWithRouter();
    const startedMs = performance.now();
    await router.subscribe(server, TICKS, { callback: { heartbeatIntervalMs: 500 } });
    await eventually(() => router.messages.length === 3);
    expect(performance.now() - startedMs).toBeLessThan(2 * 500);
    expect(router.messages.slice(1)).toEqual([
      { ...BASE, action: "check" },
      { ...BASE, action: "check" },
    ]);
    router.answer = () => 404;
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
    expect(router.actions()).toEqual(["check"]);
    expect(server.journal).toEqual([]);
  });

  it("are not wanted by every router, but one that is gone is found out all the same", async () => {
    const [server, router] = await startWithRouter({ callbackCheckMs: 20 });
    await router.subscribe(server, TICKS, { callback: { heartbeatIntervalMs: 0 } });
    router.answer = () => 404;
    await eventually(() => server.ticks.open === 0 && server.route.openOperations() === 0);
  });

  it("that fail once are sent again, and end the subscription when they fail again", async () => {
    const [server, router] = await startWithRouter({ callbackCheckMs: 20 });
    await router.subscribe(server, TICKS, { callback: { heartbeatIntervalMs: 0 } });
    let failures = 1;
    router.answer = ({ action }) => (action === "check" && failures-- > 0 ? 503 : 204);
    await eventually(() => router.messages.length > 5);
    expect(server.ticks.open).toBe(1);
    failures = 1_000;
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
    expect(router.messages.at(-1)).toMatchObject({ action: "complete", errors: [{ message: expect.any(String) }] });
  });
});

describe("a router that does not take an event", () => {
  it("because it has no such subscription is sent nothing more", async () => {
    const [server, router] = await startWithRouter();
    await router.subscribe(server, TICKS);
    router.answer = () => 404;
    server.ticks.publish(1);
    server.ticks.publish(2);
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
    expect(router.actions()).toEqual(["check", "next"]);
  });

  it.each([
    ["but an error", () => 500],
    ["but a redirect", (_message, answer) => void answer.writeHead(307, { location: "/elsewhere" }).end()],
    ["nor answers in time", () => undefined],
    ["but breaks the connection", (_message, answer) => void answer.destroy()],
  ] satisfies [string, RouterDouble["answer"]][])("%s, is told that there is a gap", async (_name, answer) => {
    const [server, router] = await startWithRouter({ callbackDeadlineMs: 200 });
    await router.subscribe(server, TICKS);
    router.answer = (message, response) => (message.action === "next" ? answer(message, response) : 204);
    server.ticks.publish(1);
    server.ticks.publish(2);
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
    expect(router.actions()).toEqual(["check", "next", "complete"]);
    expect(router.messages.at(-1)?.errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE" } }]);
    const ended = { event: "live_connection_ended", transport: "callback", outcome: "unresponsive" };
    expect(server.journal).toEqual([ended]);
  });
});

describe("a server that goes away", () => {
  it("completes what it sends to routers, with an error by which clients know to come back", async () => {
    const [server, router] = await startWithRouter();
    await router.subscribe(server, TICKS);
    await router.subscribe(server, "subscription { deaf }", { callback: { subscriptionId: "s2" } });
    await eventually(() => router.messages.length === 3);
    await server.close();
    for (const id of ["s1", "s2"]) {
      expect(router.messages.filter((message) => message.id === id).at(-1)).toMatchObject({
        action: "complete",
        errors: [
          { message: "This server is going away. Subscribe again.", extensions: { code: "SERVICE_UNAVAILABLE" } },
        ],
      });
    }
    expect(server.ticks.open).toBe(0);
    expect(server.route.openOperations()).toBe(0);
  });

  it("is not held up by a router that does not answer", async () => {
    const [server, router] = await startWithRouter({ callbackDeadlineMs: 100 });
    await router.subscribe(server, TICKS);
    router.answer = () => undefined;
    server.ticks.publish(1);
    await eventually(() => router.messages.length === 2);
    await server.close();
    expect(server.route.openOperations()).toBe(0);
  });

  it("begins nothing that a router confirms too late", async () => {
    const [server, router] = await startWithRouter();
    let confirm = (): void => {};
    router.answer = (_message, answer) => {
      confirm = () => void answer.writeHead(204).end();
      return undefined;
    };
    const answer = router.subscribe(server, TICKS);
    await eventually(() => router.messages.length === 1);
    const closed = server.close();
    confirm();
    expect((await answer).status).toBe(503);
    await closed;
    expect(router.actions()).toEqual(["check"]);
    expect(server.ticks.open).toBe(0);
  });
});
