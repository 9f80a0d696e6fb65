import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { MAX_HEADERS, MAX_HEADERS_BYTES, MAX_URL_LENGTH } from "../../src/http/request-bounds.js";
import { type LiveServer, startLive } from "../support/live-server.js";
import { handshake } from "../support/ws-connection.js";

/** A connection on which every byte is written by hand. */
interface Line {
  readonly socket: Socket;
  /** All that came back. */
  readonly text: () => string;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<unknown>;
}

async function dial({ port }: LiveServer, bytes: string | Buffer = ""): Promise<Line> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {});
  const ended = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  socket.write(bytes);
  return { socket, text: () => text, ended };
}

const HEAD = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
const post = (body: string | Uint8Array, headers = ""): Buffer =>
  Buffer.concat([
    Buffer.from(`${HEAD}${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ]);
const BODY = JSON.stringify({ query: "mutation { spend }" });
/** The answer to one request, of which the connection ends. */
async function answerTo(server: LiveServer, bytes: string | Buffer): Promise<string> {
  const line = await dial(server, bytes);
  await line.ended;
  return line.text();
}
const told = (code: string) =>
  expect.stringMatching(new RegExp(`^HTTP/1.1 4.*"code":"${code}","requestId":"[\\w-]+"`, "s"));
const slow = { headersMs: 60, requestMs: 120, checkMs: 10 };

describe("a request that does not arrive in time", () => {
  it.each([
    ["says nothing at all", ""],
    ["never ends its first line", "GET /gra"],
    ["never ends its headers", `${HEAD}x-a: 1\r\n`],
    ["never ends its body", `${HEAD}content-length: 100\r\n\r\n{`],
  ])("is ended with 408 where its client %s, and others are answered meanwhile", async (_name, bytes) => {
    const server = await startLive({}, () => {}, {}, { bounds: slow });
    const line = await dial(server, bytes);
    expect(await answerTo(server, post(BODY, "connection: close\r\n"))).toContain('{"spend":1}');
    await line.ended;
    expect(line.text()).toEqual(told("REQUEST_TIMEOUT"));
    expect(server.spent()).toBe(1);
  });

  it("is ended though a byte of it comes now and then", async () => {
    const server = await startLive({}, () => {}, {}, { bounds: slow });
    const line = await dial(server, HEAD);
    const drip = setInterval(() => line.socket.write("x-a: 1\r\n"), 10);
    onTestFinished(() => clearInterval(drip));
    await line.ended;
    expect(line.text()).toEqual(told("REQUEST_TIMEOUT"));
  });

  it("takes no answer from one before it on the same connection", async () => {
    const server = await startLive({}, () => {}, {}, { bounds: slow });
    const line = await dial(server, post(JSON.stringify({ query: "{ slow }" })));
    // Nonsense behind it is no answer to it: told 400, its client would take what it asked for as refused.
    line.socket.write("NONSENSE\r\n\r\n");
    await line.ended;
    expect(line.text()).toBe("");
  });
});

describe("a connection", () => {
  it("on which nothing is asked any more is closed", async () => {
    const server = await startLive({}, () => {}, {}, { bounds: { idleMs: 30 } });
    const text = await answerTo(server, post(BODY));
    expect(text).toContain('{"spend":1}');
  });

  it("whose client does not read is ended when nothing has passed for too long", async () => {
    const server = await startLive(
      {},
      (http) => http.get("/large", async () => "x".repeat(50_000_000)),
      {},
      {
        bounds: { stalledMs: 100 },
      },
    );
    const line = await dial(server);
    line.socket.pause();
    line.socket.write("GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n");
    const open = () =>
      new Promise<number>((resolve) => server.http.server.getConnections((_error, count) => resolve(count)));
    await expect.poll(open).toBe(1);
    await expect.poll(open, { timeout: 5_000 }).toBe(0);
  });

  it("too many is closed as it comes and counted, and those that are open stay", async () => {
    let dropped = 0;
    const server = await startLive(
      {},
      () => {},
      {},
      {
        bounds: { connectionsMax: 1 },
        onDropped: () => {
          dropped += 1;
        },
      },
    );
    const first = await dial(server);
    const second = await dial(server);
    await second.ended;
    expect([second.text(), dropped]).toEqual(["", 1]);
    first.socket.write(post(BODY, "connection: close\r\n"));
    await first.ended;
    expect(first.text()).toContain('{"spend":1}');
  });
});

describe("what comes before a body", () => {
  const get = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
  const headers = (count: number) => Array.from({ length: count }, (_, nth) => `x-${nth}: 1\r\n`).join("");

  it.each([
    ["an address that is too long", get(`/graphql?query=${"x".repeat(MAX_URL_LENGTH)}`), "URI_TOO_LONG"],
    ["too many headers", get("/graphql", headers(MAX_HEADERS)), "HEADERS_TOO_LARGE"],
    ["very many headers", get("/graphql", headers(MAX_HEADERS * 10)), "HEADERS_TOO_LARGE"],
    ["headers that are too large", get("/graphql", `x: ${"x".repeat(MAX_HEADERS_BYTES)}\r\n`), "HEADERS_TOO_LARGE"],
    ["no HTTP", "NONSENSE\r\n\r\n", "BAD_REQUEST"],
    ["a body of two lengths", `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`, "BAD_REQUEST"],
    [
      "a length beside chunks",
      `${HEAD}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      "BAD_REQUEST",
    ],
    ["NUL in a header", get("/graphql", "x: a\0b\r\n"), "BAD_REQUEST"],
    ["a host that is none", "GET /graphql?query={hello} HTTP/1.1\r\nhost: a/b?c\r\n\r\n", "BAD_REQUEST"],
    ["a host that is no address", "GET /graphql?query={hello} HTTP/1.1\r\nhost: 999.1.1.1\r\n\r\n", "BAD_REQUEST"],
  ])("is refused by rule, in GraphQL's shape, and ends the connection: %s", async (_name, bytes, code) => {
    const server = await startLive();
    const text = await answerTo(server, bytes);
    expect(text).toEqual(told(code));
    expect(text).not.toMatch(/"message":"[^"]*(NONSENSE|999|a\/b)/);
  });

  it("may be left out where HTTP/1.0 asks for health, and not where it asks for more", async () => {
    const server = await startLive({}, (http) => http.get("/health/live", async () => ({ status: "live" })));
    expect(await answerTo(server, "GET /health/live HTTP/1.0\r\n\r\n")).toContain('{"status":"live"}');
    expect(await answerTo(server, "GET /graphql?query={hello} HTTP/1.0\r\n\r\n")).toEqual(told("BAD_REQUEST"));
  });

  it("is bounded for WebSockets too", async () => {
    const server = await startLive();
    const many = Object.fromEntries(Array.from({ length: MAX_HEADERS }, (_, nth) => [`x-${nth}`, "1"]));
    expect((await handshake(server, "/graphql", many))[0]).toBe(431);
    expect((await handshake(server, `/graphql?${"x".repeat(MAX_URL_LENGTH)}`, {}))[0]).toBe(414);
    expect((await handshake(server, "/graphql", { host: "a/b" }))[0]).toBe(400);
  });
});

describe("a body", () => {
  const json = (body: string | Uint8Array): Buffer => post(body, "connection: close\r\n");
  const wrap = (member: string): string => `{"query":"mutation { spend }",${member}}`;

  it.each([
    [
      "malformed UTF-8",
      Buffer.concat([Buffer.from('{"query":"{ echo(text: \\"'), Buffer.from([0xc3, 0x28]), Buffer.from('\\") }"}')]),
    ],
    ["an overlong NUL", Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')])],
    ["UTF-16", Buffer.from(`\ufeff${BODY}`, "utf16le")],
    ["NUL outside of a text", wrap('"a":1}\0')],
    ["a prototype", wrap('"__proto__":{"x":1}')],
    ["a prototype in disguise", wrap('"__pr\\u006fto__":{"x":1}')],
    ["a prototype within", wrap('"variables":{"a":{"__proto__":{"x":1}}}')],
    ["a constructor's prototype", wrap('"variables":{"constructor":{"prototype":{"x":1}}}')],
    ["a list that never ends", "[".repeat(90_000)],
    ["an object that never ends", '{"a":'.repeat(18_000)],
    ["two values", `${BODY}${BODY}`],
    ["no number", wrap('"a":NaN')],
    ["nothing", ""],
  ])("of %s is refused in GraphQL's shape, and nothing is done", async (_name, body) => {
    const server = await startLive();
    const text = await answerTo(server, json(body));
    expect(text).toEqual(told("BAD_REQUEST"));
    expect(server.spent()).toBe(0);
  });

  it.each([
    ["very deep variables", wrap(`"variables":{"a":${"[".repeat(40_000)}${"]".repeat(40_000)}}`), '"spend":1'],
    [
      "a key that comes twice: the last one holds",
      '{"query":"mutation { spend }","query":"{ hello }"}',
      '"hello":"world"',
    ],
    ["a lone surrogate", '{"query":"query($t: String!) { echo(text: $t) }","variables":{"t":"\\ud800"}}', '"echo":'],
  ])("of %s is read as JSON says", async (_name, body, expected) => {
    const server = await startLive();
    expect(await answerTo(server, json(body))).toContain(expected);
  });
});
