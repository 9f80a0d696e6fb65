import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { clientOf, collect, handshake, open, PROTOCOL } from "../support/ws-connection.js";

describe("the handshake of a WebSocket", () => {
  it("is taken without an Origin, and with this server's own", async () => {
    const server = await startLive();
    const host = `127.0.0.1:${server.port}`;
    expect(await handshake(server, "/graphql", {})).toEqual([101, ""]);
    expect(await handshake(server, "/graphql?a=b", { origin: `http://${host}` })).toEqual([101, ""]);
    expect(await handshake(server, "/graphql", { origin: "https://cards.example", host: "cards.example:443" })).toEqual(
      [101, ""],
    );
    expect(await handshake(server, "/graphql", { origin: "https://Cards.example", host: "cards.Example" })).toEqual([
      101,
      "",
    ]);
    const both = { "sec-websocket-protocol": `graphql-ws, ${PROTOCOL}` };
    expect(await handshake(server, "/graphql", both)).toEqual([101, ""]);
    await eventually(() => server.route.openSockets() === 0);
  });

  it.each([
    ["a page of another host", "/graphql", { origin: "https://evil.example" }, 403, "FORBIDDEN"],
    ["a page of another port", "/graphql", { origin: "http://127.0.0.1:1" }, 403, "FORBIDDEN"],
    ["a page without an origin of its own", "/graphql", { origin: "null" }, 403, "FORBIDDEN"],
    ["a file", "/graphql", { origin: "file://" }, 403, "FORBIDDEN"],
    [
      "a host that only begins alike",
      "/graphql",
      { origin: "http://x.example.evil", host: "x.example" },
      403,
      "FORBIDDEN",
    ],
    ["another address", "/other", {}, 404, "NOT_FOUND"],
    ["an address that goes on", "/graphql/more", {}, 404, "NOT_FOUND"],
    ["the older protocol", "/graphql", { "sec-websocket-protocol": "graphql-ws" }, 400, "BAD_REQUEST"],
    ["no protocol", "/graphql", { "sec-websocket-protocol": "" }, 400, "BAD_REQUEST"],
  ] as const)("is refused to %s", async (_name, path, headers, status, code) => {
    const server = await startLive();
    const [answered, body] = await handshake(server, path, headers);
    expect(answered).toBe(status);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code, requestId: expect.any(String) } }] });
    expect(server.route.openSockets()).toBe(0);
  });

  it("is refused without a proper key", async () => {
    const server = await startLive();
    expect((await handshake(server, "/graphql", { "sec-websocket-key": "short" }))[0]).toBe(400);
    await server.close();
  });

  it("does not take the offer of another protocol for one: that request is answered as any other", async () => {
    const server = await startLive();
    const body = JSON.stringify({ query: "{ hello }" });
    const asked = request(server.url, {
      method: "POST",
      headers: {
        connection: "Upgrade, HTTP2-Settings",
        upgrade: "h2c",
        "http2-settings": "",
        "content-type": "application/json",
      },
    }).end(body);
    const [response] = await once(asked, "response");
    expect(response.statusCode).toBe(200);
    response.resume();
  });
});

describe("a client that breaks the protocol", () => {
  it.each([
    ["no JSON", "{", "4400 Invalid message received"],
    ["an unknown message", { type: "start" }, "4400 Invalid message received"],
    ["an operation that is none", { type: "subscribe", id: "1", payload: {} }, "4400 Invalid message received"],
    [
      "an operation without an id",
      { type: "subscribe", payload: { query: "{ hello }" } },
      "4400 Invalid message received",
    ],
    ["a second connection_init", { type: "connection_init" }, "4429 Too many initialisation requests"],
    ["too much at once", "x".repeat(100_001), "1009 "],
  ])("with %s is closed with the code for it", async (_name, message, code) => {
    const server = await startLive();
    const { send, closed } = await open(server);
    send(message);
    expect(await closed).toBe(code);
    await eventually(() => server.route.openSockets() === 0);
  });

  it("with a binary message is closed", async () => {
    const server = await startLive();
    const { socket, closed } = await open(server);
    socket.send(Buffer.from(JSON.stringify({ type: "ping" })));
    expect(await closed).toBe("4400 Invalid message received");
  });

  it("with an operation before connection_init is closed", async () => {
    const server = await startLive();
    const { subscribe, closed } = await open(server, false);
    subscribe("1", "mutation { spend }");
    expect(await closed).toBe("4401 Unauthorized");
    expect(server.spent()).toBe(0);
  });

  it("without a connection_init in time is closed", async () => {
    const server = await startLive({ initTimeoutMs: 10 });
    const { closed } = await open(server, false);
    expect(await closed).toBe("4408 Connection initialisation timeout");
  });

  it.each([
    ["short", "4409 Subscriber for 1 already exists", "1"],
    ["longer than a close frame", "4409 ", "1".repeat(1_000)],
  ])("with an id that is taken, %s, is closed and leaves nothing behind", async (_name, code, id) => {
    const server = await startLive();
    const { subscribe, closed } = await open(server);
    subscribe(id, "subscription { ticks }");
    subscribe(id, "subscription { ticks }");
    expect(await closed).toBe(code);
    await eventually(() => server.route.openOperations() === 0);
    expect(server.ticks.open).toBe(0);
  });

  it("with an id that it gave up before its operation began is closed: two would share it", async () => {
    const server = await startLive();
    const { send, subscribe, closed } = await open(server);
    subscribe("1", "subscription { late }");
    send({ type: "complete", id: "1" });
    subscribe("1", "subscription { late }");
    expect(await closed).toBe("4409 Subscriber already exists");
    server.letGo();
    await eventually(() => server.ticks.returned === 1);
    expect(server.ticks.open).toBe(0);
    expect(server.route.openOperations()).toBe(0);
  });

  it("with rubbish after the handshake harms nobody", async () => {
    const server = await startLive();
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => {});
    socket.write(
      `GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n` +
        `sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: ${PROTOCOL}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(1_000, 0xff));
    socket.resume();
    await once(socket, "close");
    await eventually(() => server.route.openSockets() === 0);
    expect(await collect(clientOf(server), "{ hello }")).toHaveLength(1);
  });
});
