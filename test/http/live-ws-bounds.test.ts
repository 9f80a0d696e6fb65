import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { clientOf, collect, handshake, open } from "../support/ws-connection.js";

describe("the bounds on WebSockets", () => {
  it.each([
    ["in all", { operationsMax: 2 }, "server_full"],
    ["of one address", { operationsPerClient: 2 }, "client_full"],
    ["of one socket", { operationsPerSocket: 2 }, "connection_full"],
  ])("refuse an operation too much %s, and forget what has ended", async (_name, limits, outcome) => {
    const server = await startLive(limits);
    const { send, subscribe, messages } = await open(server);
    subscribe("1", "subscription { ticks }");
    subscribe("2", "subscription { ticks }");
    subscribe("3", "mutation { spend }");
    await eventually(() => messages.length === 1);
    expect(messages).toMatchObject([
      { id: "3", type: "error", payload: [{ extensions: { code: "TOO_MANY_REQUESTS" } }] },
    ]);
    expect(server.spent()).toBe(0);
    expect(server.journal).toEqual([{ event: "live_operation_refused", transport: "websocket", outcome }]);
    send({ type: "complete", id: "1" });
    subscribe("4", "mutation { spend }");
    await eventually(() => server.spent() === 1);
  });

  it("refuse a socket too much", async () => {
    const server = await startLive({ operationsPerClient: 2 });
    const first = await open(server);
    await open(server);
    expect((await handshake(server, "/graphql", {}))[0]).toBe(429);
    first.socket.close();
    await eventually(() => server.route.openSockets() === 1);
    await open(server);
  });

  it("end a client that does not read", async () => {
    const server = await startLive({ unreadBytesMax: 100_000 });
    const { socket, subscribe } = await open(server);
    subscribe("1", "subscription { text }");
    await eventually(() => server.ticks.open === 1);
    socket.pause();
    await eventually(() => {
      server.ticks.publish(100_000);
      return server.ticks.open === 0;
    });
    await eventually(() => server.route.openOperations() === 0);
    expect(server.journal).toEqual([
      { event: "live_connection_ended", transport: "websocket", outcome: "slow_reader" },
    ]);
  });

  it("end a client that floods the server with messages and does not read", async () => {
    const server = await startLive({ unreadBytesMax: 100_000 });
    const { socket, send } = await open(server);
    socket.pause();
    const payload = { filler: "x".repeat(50_000) };
    await eventually(() => {
      send({ type: "ping", payload });
      return server.journal.length > 0;
    });
    expect(server.journal).toEqual([
      { event: "live_connection_ended", transport: "websocket", outcome: "slow_reader" },
    ]);
  });

  it("end a client that gives no sign of life", async () => {
    const server = await startLive({ heartbeatMs: 20 });
    const { socket, subscribe } = await open(server);
    subscribe("1", "subscription { ticks }");
    await eventually(() => server.ticks.open === 1);
    const lively = await open(server);
    socket.pause();
    await eventually(() => server.ticks.returned === 1);
    expect(server.journal).toContainEqual({
      event: "live_connection_ended",
      transport: "websocket",
      outcome: "unresponsive",
    });
    expect(lively.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("the end of a WebSocket", () => {
  it("by the client leaves nothing behind", async () => {
    const server = await startLive();
    const { socket, subscribe } = await open(server);
    for (const field of ["ticks", "odd", "deaf", "late"]) subscribe(field, `subscription { ${field} }`);
    await eventually(() => server.route.openOperations() === 4 && server.ticks.open === 2);
    socket.terminate();
    await eventually(() => server.route.openSockets() === 0);
    server.letGo();
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
    expect(server.ticks.returned).toBe(3);
  });

  it("by the server says that it goes away, and not that operations are complete", async () => {
    const server = await startLive();
    const { subscribe, messages, closed } = await open(server);
    subscribe("1", "subscription { ticks }");
    subscribe("2", "subscription { deaf }");
    await eventually(() => server.ticks.open === 1 && messages.length === 1);
    await server.close();
    expect(await closed).toBe("1001 Going away");
    expect(messages).toHaveLength(1);
    expect(server.ticks.returned).toBe(1);
    expect(server.route.openOperations()).toBe(0);
    expect(server.route.openSockets()).toBe(0);
  });

  it("by the server waits for the answer that is under way", async () => {
    const server = await startLive();
    const { subscribe, messages, closed } = await open(server);
    const idle = await open(server);
    subscribe("1", "{ slow }");
    await eventually(() => server.route.openOperations() === 1);
    const closing = server.close();
    await idle.closed;
    server.letGo();
    expect(await closed).toBe("1001 Going away");
    expect(messages).toMatchObject([{ type: "next", payload: { data: { slow: "at last" } } }, { type: "complete" }]);
    await closing;
  });

  it("by the server does not wait for a client that does not answer", async () => {
    const server = await startLive();
    const { socket, subscribe } = await open(server);
    subscribe("1", "subscription { ticks }");
    await eventually(() => server.ticks.open === 1);
    socket.pause();
    await server.close();
    expect(server.ticks.returned).toBe(1);
  });
});

describe("many WebSockets", () => {
  it("each get every event in order", async () => {
    const server = await startLive();
    const clients = 500;
    const events = Array.from({ length: 20 }, (_, index) => index + 1);
    const all = Array.from({ length: clients }, () => collect(clientOf(server), "subscription { ticks }"));
    await eventually(() => server.ticks.open === clients);
    for (const tick of events) server.ticks.publish(tick);
    server.ticks.finish();
    const expected = events.map((ticks) => ({ data: { ticks } }));
    for (const seen of await Promise.all(all)) expect(seen).toEqual(expected);
    expect(server.route.openOperations()).toBe(0);
  });
});
