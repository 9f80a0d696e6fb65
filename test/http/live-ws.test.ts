import { describe, expect, it } from "vitest";
import { SECRET, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { clientOf, collect, open } from "../support/ws-connection.js";

describe("an operation over a WebSocket", () => {
  it("may be of any kind, many at a time", async () => {
    const server = await startLive();
    const client = clientOf(server);
    const ticks = collect(client, "subscription { ticks }");
    await eventually(() => server.ticks.open === 1);
    expect(await collect(client, "{ hello }")).toEqual([{ data: { hello: "world" } }]);
    expect(await collect(client, "mutation { spend }")).toEqual([{ data: { spend: 1 } }]);
    expect(await collect(client, "query($text: String!) { echo(text: $text) }", { text: "x" })).toEqual([
      { data: { echo: "x" } },
    ]);
    for (let tick = 1; tick <= 100; tick++) server.ticks.publish(tick);
    server.ticks.finish();
    expect(await ticks).toEqual(Array.from({ length: 100 }, (_, index) => ({ data: { ticks: index + 1 } })));
    expect(server.route.openOperations()).toBe(0);
    expect(server.route.openSockets()).toBe(1);
  });

  it("has a request id of its own, and a context of its own for every event", async () => {
    const server = await startLive();
    const client = clientOf(server);
    const contexts = collect(client, "subscription { contexts }");
    await eventually(() => server.ticks.open === 1);
    server.ticks.publish(0);
    server.ticks.publish(0);
    server.ticks.finish();
    expect(await contexts).toEqual([{ data: { contexts: 2 } }, { data: { contexts: 3 } }]);
    const ids = await Promise.all([collect(client, "{ requestId }"), collect(client, "{ requestId }")]);
    expect(ids[0]).not.toEqual(ids[1]);
  });

  it("ends its source when the client ends it, and its id may be used again at once", async () => {
    const server = await startLive();
    const { send, subscribe, messages } = await open(server);
    subscribe("1", "subscription { ticks }");
    await eventually(() => server.ticks.open === 1);
    send({ type: "complete", id: "1" });
    subscribe("1", "subscription { ticks }");
    await eventually(() => server.ticks.returned === 1 && server.ticks.open === 1);
    server.ticks.publish(7);
    server.ticks.finish();
    await eventually(() => messages.length === 2);
    expect(messages).toEqual([
      { id: "1", type: "next", payload: { data: { ticks: 7 } } },
      { id: "1", type: "complete" },
    ]);
    expect(server.route.openOperations()).toBe(0);
  });
});

describe("what goes wrong with an operation over a WebSocket", () => {
  it("before it is carried out is its error message, with the same codes as elsewhere", async () => {
    const server = await startLive();
    const { send, subscribe, messages } = await open(server);
    subscribe("parse", "{");
    subscribe("validate", "{ nothing }");
    subscribe("long", `{ ${"hello ".repeat(2_001)} }`);
    subscribe("wide", `{ ${"...F ".repeat(400)} } fragment F on Query { a: hello b: hello c: hello }`);
    const payload = { query: "query A { hello } query B { hello }", operationName: SECRET };
    send({ type: "subscribe", id: "name", payload });
    await eventually(() => messages.length === 5);
    const codes = messages.map(({ id, type, payload }) => {
      const [{ extensions }] = payload as [{ extensions: { code: string; requestId: string } }];
      expect(extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
      return `${id} ${type} ${extensions.code}`;
    });
    expect(codes).toEqual([
      "parse error GRAPHQL_PARSE_FAILED",
      "validate error GRAPHQL_VALIDATION_FAILED",
      "long error GRAPHQL_PARSE_FAILED",
      "wide error GRAPHQL_VALIDATION_FAILED",
      "name error OPERATION_RESOLUTION_FAILURE",
    ]);
    expect(JSON.stringify(messages)).not.toContain(SECRET);
    expect(server.route.openOperations()).toBe(0);
    expect(server.unplanned).toEqual([]);
  });

  it("that nobody planned is masked, whenever it comes", async () => {
    const server = await startLive();
    const { subscribe, messages } = await open(server);
    subscribe("broken", "{ broken }");
    subscribe("unopened", "subscription { unopened }");
    subscribe("breaking", "subscription { breaking }");
    subscribe("refused", "subscription { refused }");
    await eventually(() => messages.length === 8);
    const of = (wanted: string) => messages.filter(({ id }) => id === wanted);
    const masked = { extensions: { code: "INTERNAL_SERVER_ERROR", requestId: expect.any(String) } };
    expect(of("broken")).toMatchObject([
      { type: "next", payload: { data: { broken: null }, errors: [{ ...masked, path: ["broken"] }] } },
      { type: "complete" },
    ]);
    expect(of("unopened")).toMatchObject([{ type: "next", payload: { errors: [masked] } }, { type: "complete" }]);
    expect(of("breaking")).toMatchObject([
      { type: "next", payload: { data: { breaking: 1 } } },
      { type: "error", payload: [masked] },
    ]);
    expect(of("refused")).toMatchObject([
      { type: "next", payload: { errors: [{ message: "There is no such order." }] } },
      { type: "complete" },
    ]);
    expect(JSON.stringify(messages)).not.toContain(SECRET);
    expect(server.unplanned.map(({ message }) => message)).toEqual([SECRET, SECRET, SECRET]);
    await eventually(() => server.route.openOperations() === 0);
  });
});
