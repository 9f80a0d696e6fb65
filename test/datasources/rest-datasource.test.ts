import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { ProviderError } from "../../src/domain/provider-error.js";
import { type Behaviour, eventually, OK, RAW_BODY, startDeaf, startRaw } from "../support/raw-server.js";
import { failureOf, http, probe } from "../support/rest-probe.js";
import { makeSelfSigned } from "../support/tls/self-signed.js";

describe("an answer", () => {
  it("is given as it came, and the request went out exactly as told", async () => {
    const server = await startRaw((socket) => socket.write(OK));
    const source = probe({ baseUrl: `${http(server)}/prefix/` });
    expect(await source.send((answer) => answer)).toEqual({ status: 200, body: "ok" });
    expect(source.prefix).toBe("/prefix");
    expect(server.requests).toHaveLength(1);
    const [head, body] = server.requests[0]?.split("\r\n\r\n") ?? [];
    expect(body).toBe(RAW_BODY);
    expect(head?.toLowerCase().split("\r\n").sort()).toEqual([
      "connection: keep-alive",
      "content-length: 15",
      "content-type: text/plain",
      `host: 127.0.0.1:${server.port}`,
      "post /prefix/v1/top-secret-path http/1.1",
      "user-agent: cardgraph",
      "x-key: top-secret-header",
    ]);
    expect(source.journalled).toEqual([expect.objectContaining({ event: "provider_call", outcome: "ok" })]);
  });

  it.each([
    400, 404, 500, 503,
  ])("of status %i is given to the reader like any other, after one request", async (status) => {
    const server = await startRaw((socket) => socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n\r\nno`));
    expect(await probe({ baseUrl: http(server) }).send((answer) => answer)).toEqual({ status, body: "no" });
    expect(server.requests).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])("of status %i is given to the reader and not followed", async (status) => {
    const head = (port: number): string => `HTTP/1.1 ${status} X\r\nlocation: http://127.0.0.1:${port}/\r\n`;
    const elsewhere = await startRaw((socket) => socket.write(OK));
    const server = await startRaw((socket) => socket.write(`${head(elsewhere.port)}content-length: 0\r\n\r\n`));
    expect((await probe({ baseUrl: http(server) }).send((answer) => answer)).status).toBe(status);
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.connections).toHaveLength(0);
  });

  it("that the reader trips over is malformed, and the reader's own error stays inside", async () => {
    const server = await startRaw((socket) => socket.write(OK));
    const source = probe({ baseUrl: http(server) });
    const tripping = (): never => {
      throw new TypeError(RAW_BODY);
    };
    const error = await source.send(tripping).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "malformed", reason: "answer could not be read" });
    expect(inspect(error)).not.toContain(RAW_BODY);
    expect(source.journalled).toEqual([expect.objectContaining({ outcome: "malformed" })]);
  });

  it("that the reader refuses fails with the reader's error, journalled with its codes", async () => {
    const server = await startRaw((socket) => socket.write(OK));
    const source = probe({ baseUrl: http(server) });
    const parts = { provider: "PAGSMILE", kind: "rejected", reason: "no", providerCode: "7", traceId: "t" } as const;
    const refusal = new ProviderError(parts);
    await expect(
      source.send(() => {
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(source.journalled).toEqual([
      expect.objectContaining({ outcome: "rejected", reason: "no", providerCode: "7", traceId: "t" }),
    ]);
  });
});

describe("a call is unavailable, so provably not sent, when", () => {
  it("the connection is refused", async () => {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const source = probe({ baseUrl: `http://127.0.0.1:${port}` });
    expect(await failureOf(source)).toEqual({ kind: "unavailable", reason: "no connection" });
  });

  it("the name is not found", async () => {
    const source = probe({ baseUrl: "http://no-such-host.invalid" });
    expect((await failureOf(source)).kind).toBe("unavailable");
  });

  it.each([
    "TLSv1.2",
    "TLSv1.3",
  ] as const)("the certificate is not trusted (%s), and no byte arrives", async (maxVersion) => {
    const tls = createTlsServer({ ...makeSelfSigned(), maxVersion });
    const server = await startRaw((socket) => socket.write(OK), tls, "secureConnection");
    const source = probe({ baseUrl: `https://127.0.0.1:${server.port}` });
    expect(await failureOf(source)).toEqual({ kind: "unavailable", reason: "no connection" });
    expect(server.requests).toHaveLength(0);
  });

  it("the other side accepts and never finishes the TLS handshake", async () => {
    const server = await startRaw(() => {});
    const source = probe({ baseUrl: `https://127.0.0.1:${server.port}`, timeoutMs: 150 });
    expect(await failureOf(source)).toEqual({ kind: "unavailable", reason: "deadline passed before connecting" });
    expect(server.connections).toHaveLength(1);
  });

  it("the connection is never completed", async () => {
    const port = await startDeaf();
    const source = probe({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 150 });
    expect(await failureOf(source)).toEqual({ kind: "unavailable", reason: "deadline passed before connecting" });
  });

  it("it queued for a connection and never got one", async () => {
    const server = await startRaw(() => {});
    const source = probe({ baseUrl: http(server), timeoutMs: 400 });
    const busy = Array.from({ length: 64 }, () => source.send((answer) => answer).catch((thrown) => thrown.kind));
    await eventually(() => server.requests.length === 64);
    // The 64 fail first and free their places, but a new connection finds nobody.
    server.stopListening();
    const queued = source.send((answer) => answer).catch((thrown) => thrown.kind);
    expect(await Promise.all(busy)).toEqual(Array(64).fill("outcome_unknown"));
    expect(await queued).toBe("unavailable");
    expect(server.requests).toHaveLength(64);
  });
});

describe("a call's outcome is unknown when", () => {
  it("no answer comes before the deadline", async () => {
    const server = await startRaw(() => {});
    const source = probe({ baseUrl: http(server), timeoutMs: 150 });
    expect(await failureOf(source)).toEqual({ kind: "outcome_unknown", reason: "deadline passed" });
    expect(server.requests).toHaveLength(1);
  });

  it("the connection is reset after the request", async () => {
    const server = await startRaw((socket) => socket.resetAndDestroy());
    expect(await failureOf(probe({ baseUrl: http(server) }))).toEqual({
      kind: "outcome_unknown",
      reason: "connection reset",
    });
    expect(server.requests).toHaveLength(1);
  });

  it("the connection is closed instead of an answer", async () => {
    const server = await startRaw((socket) => socket.end());
    expect((await failureOf(probe({ baseUrl: http(server) }))).kind).toBe("outcome_unknown");
    expect(server.requests).toHaveLength(1);
  });

  it("the answer is not HTTP", async () => {
    const server = await startRaw((socket) => socket.end("what?\r\n\r\n"));
    expect((await failureOf(probe({ baseUrl: http(server) }))).kind).toBe("outcome_unknown");
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    "content-length: 20\r\n\r\nhalf",
    "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
  ])("the body is cut short (%j)", async (rest) => {
    const server = await startRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    expect((await failureOf(probe({ baseUrl: http(server) }))).kind).toBe("outcome_unknown");
    expect(server.requests).toHaveLength(1);
  });

  it("the body drips in without end: the deadline covers it", async () => {
    const server = await startRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 5);
      socket.once("close", () => clearInterval(timer));
    });
    const source = probe({ baseUrl: http(server), timeoutMs: 200 });
    expect(await failureOf(source)).toEqual({ kind: "outcome_unknown", reason: "deadline passed" });
    await eventually(() => server.connections.every((socket) => socket.destroyed));
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    "content-length: 1001\r\n\r\n",
    "connection: close\r\n\r\n",
  ])("the body is larger than the bound (%j)", async (rest) => {
    const server = await startRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}${"x".repeat(1001)}`));
    const source = probe({ baseUrl: http(server), maxAnswerBytes: 1000 });
    expect(await failureOf(source)).toEqual({ kind: "outcome_unknown", reason: "answer too large" });
    expect(server.requests).toHaveLength(1);
  });

  it("the body never ends but passes the bound: the rest is not waited for", async () => {
    const server = await startRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
      const timer = setInterval(() => socket.write("x".repeat(600)), 1);
      socket.once("close", () => clearInterval(timer));
    });
    const source = probe({ baseUrl: http(server), maxAnswerBytes: 1000 });
    expect(await failureOf(source)).toEqual({ kind: "outcome_unknown", reason: "answer too large" });
    await eventually(() => server.connections.every((socket) => socket.destroyed));
  });

  it("a body exactly as large as the bound is still an answer", async () => {
    const body = "x".repeat(1000);
    const server = await startRaw((socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${body}`));
    const source = probe({ baseUrl: http(server), maxAnswerBytes: 1000 });
    expect(await source.send((answer) => answer.body)).toBe(body);
  });

  it("the source is closed while it waits", async () => {
    const server = await startRaw(() => {});
    const source = probe({ baseUrl: http(server) });
    const failure = failureOf(source);
    await eventually(() => server.requests.length === 1);
    await source.close();
    expect((await failure).kind).toBe("outcome_unknown");
  });
});

describe("connections", () => {
  it("are kept and used again", async () => {
    const server = await startRaw((socket) => socket.write(OK));
    const source = probe({ baseUrl: http(server) });
    for (let call = 0; call < 3; call += 1) await source.send((answer) => answer);
    expect(server.requests).toHaveLength(3);
    expect(server.connections).toHaveLength(1);
  });

  it("that the other side closed while idle are replaced", async () => {
    const server = await startRaw((socket) => socket.end(OK));
    const source = probe({ baseUrl: http(server) });
    await source.send((answer) => answer);
    await eventually(() => server.connections.every((socket) => socket.destroyed));
    expect(await source.send((answer) => answer.status)).toBe(200);
    expect(server.connections).toHaveLength(2);
  });

  it("that the other side closes just as a call is written leave its outcome unknown, not repeated", async () => {
    const server = await startRaw((socket, nth) => (nth === 1 ? socket.write(OK) : socket.resetAndDestroy()));
    const source = probe({ baseUrl: http(server) });
    await source.send((answer) => answer);
    expect((await failureOf(source)).kind).toBe("outcome_unknown");
    expect(server.requests).toHaveLength(2);
    expect(server.connections).toHaveLength(1);
  });

  it.each(["http", "https"])("handed on to a queued call (%s) do not make that call look unsent", async (scheme) => {
    const tls = makeSelfSigned();
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, tls.cert]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const answerOnce: Behaviour = (socket, nth) => (nth === 1 ? socket.write(OK) : undefined);
    const server =
      scheme === "http"
        ? await startRaw(answerOnce)
        : await startRaw(answerOnce, createTlsServer(tls), "secureConnection");
    const source = probe({ baseUrl: `${scheme}://127.0.0.1:${server.port}`, timeoutMs: 1_500 });
    const calls = Array.from({ length: 65 }, () => source.send(() => "ok").catch((thrown) => thrown.kind));
    expect((await Promise.all(calls)).filter((outcome) => outcome !== "ok")).toEqual(["outcome_unknown"]);
    expect(server.connections).toHaveLength(64);
    expect(server.requests).toHaveLength(65);
  });
});
