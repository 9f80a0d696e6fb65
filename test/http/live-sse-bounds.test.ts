import { once } from "node:events";
import { connect } from "node:net";
import { createClient } from "graphql-sse";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { ask, askRaw, results } from "../support/sse-requests.js";

describe("the bounds on server-sent events", () => {
  it.each([
    ["in all", { operationsMax: 2 }, "server_full"],
    ["of one address", { operationsPerClient: 2 }, "client_full"],
  ])("refuse what is too much %s, and forget what has ended", async (_name, limits, outcome) => {
    const server = await startLive(limits);
    const client = createClient({ url: server.url, retryAttempts: 0 });
    onTestFinished(() => client.dispose());
    const open = () => client.subscribe({ query: "subscription { ticks }" }, { next() {}, error() {}, complete() {} });
    const leave = open();
    open();
    await eventually(() => server.ticks.open === 2);
    const refused = await ask(server, "{ hello }");
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: "TOO_MANY_REQUESTS" } }] });
    expect(server.journal).toEqual([{ event: "live_operation_refused", transport: "sse", outcome }]);
    leave();
    await eventually(() => server.route.openOperations() === 1);
    expect((await ask(server, "{ hello }")).status).toBe(200);
  });

  it("end a client that does not read", async () => {
    const server = await startLive({ unreadBytesMax: 100_000 });
    const socket = await askRaw(server, "subscription { text }");
    socket.pause();
    await eventually(() => server.ticks.open === 1);
    await eventually(() => {
      server.ticks.publish(100_000);
      return server.ticks.open === 0;
    });
    await eventually(() => server.route.openOperations() === 0);
    expect(server.journal).toEqual([{ event: "live_connection_ended", transport: "sse", outcome: "slow_reader" }]);
  });
});

describe("the end of server-sent events", () => {
  it("by the client leaves nothing behind", async () => {
    const server = await startLive();
    const sockets = await Promise.all(
      ["ticks", "odd", "deaf"].map((field) => askRaw(server, `subscription { ${field} }`)),
    );
    await eventually(() => server.route.openOperations() === 3);
    for (const socket of sockets) socket.destroy();
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
    expect(server.ticks.returned).toBe(2);
    await server.close();
  });

  it("by the client is no request in flight any more, for which a closing server would wait", async () => {
    const server = await startLive();
    const socket = await askRaw(server, "subscription { ticks }");
    await eventually(() => server.ticks.open === 1);
    socket.destroy();
    await eventually(() => server.route.openOperations() === 0);
    const silent = connect(server.port, "127.0.0.1");
    onTestFinished(() => void silent.destroy());
    await once(silent, "connect");
    await server.close();
  });

  it("by a client that leaves before its source is there leaves nothing behind either", async () => {
    const server = await startLive();
    const socket = await askRaw(server, "subscription { late }");
    await eventually(() => server.route.openOperations() === 1);
    socket.destroy();
    await eventually(() => server.route.openOperations() === 0);
    server.letGo();
    await eventually(() => server.ticks.returned === 1);
  });

  it("by the server tells the client that there may be more, and holds nothing up", async () => {
    const server = await startLive();
    const answers = await Promise.all(["ticks", "deaf"].map((field) => ask(server, `subscription { ${field} }`)));
    await eventually(() => server.ticks.open === 1);
    await server.close();
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts).toEqual([":\n\n", expect.stringMatching(/^:\n\nevent: next\n/)]);
    for (const text of texts) expect(text).not.toContain("complete");
    expect(server.ticks.returned).toBe(1);
    expect(server.route.openOperations()).toBe(0);
  });

  it("makes graphql-sse's client come back", async () => {
    const server = await startLive();
    let retries = 0;
    const client = createClient({
      url: server.url,
      retryAttempts: 1,
      retry: async () => {
        retries += 1;
      },
    });
    const failed = new Promise((resolve) => {
      const sink = { next() {}, error: resolve, complete: () => resolve("complete") };
      client.subscribe({ query: "subscription { ticks }" }, sink);
    });
    await eventually(() => server.ticks.open === 1);
    await server.close();
    expect(await failed).not.toBe("complete");
    expect(retries).toBe(1);
  });

  it("by the server lets an answer that is under way be sent", async () => {
    const server = await startLive();
    const answer = await ask(server, "{ slow }");
    const closed = server.close();
    server.letGo();
    expect(results(await answer.text())).toEqual([{ data: { slow: "at last" } }]);
    await closed;
  });

  it("by the server does not wait for a client that does not read", async () => {
    const server = await startLive({ unreadBytesMax: 100_000_000 });
    const socket = await askRaw(server, "subscription { text }");
    socket.pause();
    await eventually(() => server.ticks.open === 1);
    for (let event = 0; event < 20; event++) server.ticks.publish(1_000_000);
    await eventually(() => server.ticks.waiting === 0);
    await server.close();
    expect(server.ticks.open).toBe(0);
  });
});

describe("many clients of server-sent events", () => {
  it("each get every event in order", async () => {
    const server = await startLive();
    const clients = 500;
    const events = Array.from({ length: 20 }, (_, index) => index + 1);
    const answers = await Promise.all(Array.from({ length: clients }, () => ask(server, "subscription { ticks }")));
    await eventually(() => server.ticks.open === clients);
    for (const tick of events) server.ticks.publish(tick);
    server.ticks.finish();
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const expected = events.map((ticks) => ({ data: { ticks } }));
    for (const text of texts) expect(results(text)).toEqual(expected);
    await eventually(() => server.route.openOperations() === 0);
  });
});
