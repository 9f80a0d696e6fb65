import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type LiveServer, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { results } from "../support/sse-requests.js";
import { clientOf } from "../support/ws-connection.js";

const hash = (text: string, algorithm = "sha256"): string => createHash(algorithm).update(text).digest("hex");

const HELLO = "query Hello { hello }";
const ECHO = "query Echo($text: String!) { echo(text: $text) }";
const SPEND = "mutation Spend { spend }";
const TICKS = "subscription Ticks { ticks }";
const BROKEN = "query Broken { hello broken }";
const LISTED = [HELLO, ECHO, SPEND, TICKS, BROKEN].map((text) => ({ name: hash(text), text }));
/** A document whose name in the list is its SHA-1. */
const OLD = "query Old { requestId }";
const LIST = [...LISTED, { name: hash(OLD, "sha1"), text: OLD }];

const start = (): Promise<LiveServer> => startLive({}, () => {}, { trustedList: LIST });

const REQUIRED = "TRUSTED_DOCUMENT_REQUIRED";
const UNKNOWN = "TRUSTED_DOCUMENT_UNKNOWN";
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

/** Every way to ask that has no document of the list to it. */
const REFUSED = [
  ["a text", { query: "{ hello }" }, REQUIRED],
  ["the very text of the list", { query: HELLO }, REQUIRED],
  ["a text beside its name", { query: HELLO, documentId: hash(HELLO) }, REQUIRED],
  ["a text to be remembered under its hash", { query: "{ hello }", ...persisted(hash("{ hello }")) }, REQUIRED],
  ["an introspection", { query: "{ __schema { queryType { name } } }" }, REQUIRED],
  ["a name that is not in the list", { documentId: hash("{ hello }") }, UNKNOWN],
  ["the same in Apollo's member", persisted(hash("{ hello }")), UNKNOWN],
  ["a name of another method", { documentId: `x-other:${hash(HELLO)}` }, UNKNOWN],
  ["a name in capitals", { documentId: hash(HELLO).toUpperCase() }, UNKNOWN],
  ["a name that every object has", { documentId: "constructor" }, UNKNOWN],
] as const;

/** Every way to name a document of the list. */
const NAMED = [
  ["documentId as the specification has it", { documentId: `sha256:${hash(HELLO)}` }],
  ["the bare hash as documentId", { documentId: hash(HELLO) }],
  ["Apollo's persisted query", persisted(hash(HELLO))],
] as const;

interface Asked {
  readonly query?: string;
  readonly documentId?: string;
  readonly variables?: object;
  readonly extensions?: object;
}

const post = (server: LiveServer, body: Asked, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const PREFLIGHT = { "apollo-require-preflight": "1" };

const get = (server: LiveServer, asked: Asked, headers: Record<string, string> = PREFLIGHT): Promise<Response> => {
  const members = Object.entries(asked).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return fetch(`${server.url}?${new URLSearchParams(members)}`, { headers });
};

/** The first answer over a WebSocket, whose protocol wants a text with every operation, be it empty. */
async function overSocket(server: LiveServer, asked: Asked): Promise<unknown> {
  const payload = { query: "", ...asked } as { query: string };
  for await (const result of clientOf(server).iterate(payload)) return result;
  return null;
}

const TRANSPORTS: readonly (readonly [string, (server: LiveServer, asked: Asked) => Promise<unknown>])[] = [
  ["a POST", async (server, asked) => (await post(server, asked)).json()],
  ["a GET", async (server, asked) => (await get(server, asked)).json()],
  [
    "server-sent events",
    async (server, asked) => results(await (await post(server, asked, { accept: "text/event-stream" })).text())[0],
  ],
  [
    "server-sent events by GET",
    async (server, asked) => results(await (await get(server, asked, { accept: "text/event-stream" })).text())[0],
  ],
  ["a WebSocket", (server, asked) => overSocket(server, asked).catch((errors) => ({ errors }))],
];

describe.each(TRANSPORTS)("with a list of trusted documents, %s", (_transport, ask) => {
  it.each(NAMED)("runs a document that is named by %s", async (_name, asked) => {
    const server = await start();
    expect(await ask(server, asked)).toEqual({ data: { hello: "world" } });
  });

  it("passes on variables", async () => {
    const server = await start();
    expect(await ask(server, { documentId: hash(ECHO), variables: { text: "x" } })).toEqual({ data: { echo: "x" } });
  });

  it("knows a document by the SHA-1 of its list, and by its SHA-256 all the same", async () => {
    const server = await start();
    for (const documentId of [hash(OLD, "sha1"), hash(OLD), `sha256:${hash(OLD)}`]) {
      expect(await ask(server, { documentId })).toEqual({ data: { requestId: expect.any(String) } });
    }
    expect(await ask(server, { documentId: `sha256:${hash(OLD, "sha1")}` })).toMatchObject({
      errors: [{ extensions: { code: UNKNOWN } }],
    });
  });

  it.each(REFUSED)("refuses %s", async (_name, asked, code) => {
    const server = await start();
    const answer = await ask(server, asked);
    expect(answer).toMatchObject({ errors: [{ extensions: { code, requestId: expect.any(String) } }] });
    expect(answer).not.toHaveProperty("data");
    expect(server.unplanned).toEqual([]);
  });
});

describe("a subscription of the list", () => {
  it("is followed over server-sent events, by GET too, and over a WebSocket", async () => {
    const server = await start();
    const accept = "text/event-stream";
    const streams = [
      post(server, { documentId: hash(TICKS) }, { accept }).then((answer) => answer.text()),
      get(server, { documentId: hash(TICKS) }, { accept }).then((answer) => answer.text()),
    ];
    const socket = overSocket(server, { documentId: hash(TICKS) });
    await eventually(() => server.ticks.open === 3);
    server.ticks.publish(1);
    server.ticks.finish();
    for (const text of await Promise.all(streams)) expect(results(text)).toEqual([{ data: { ticks: 1 } }]);
    expect(await socket).toEqual({ data: { ticks: 1 } });
  });
});

describe("a mutation of the list", () => {
  it("is carried out by POST, and never by GET", async () => {
    const server = await start();
    for (const headers of [PREFLIGHT, { accept: "text/event-stream" }]) {
      const answer = await get(server, { documentId: hash(SPEND) }, headers);
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("POST");
    }
    expect(server.spent()).toBe(0);
    expect(await (await post(server, { documentId: hash(SPEND) })).json()).toEqual({ data: { spend: 1 } });
  });
});

describe("a refusal for want of a trusted document", () => {
  it("is status 400, and 200 for a client that knows only application/json", async () => {
    const server = await start();
    const modern = await post(server, { query: HELLO }, { accept: "application/graphql-response+json" });
    expect([modern.status, modern.headers.get("content-type")]).toEqual([
      400,
      "application/graphql-response+json; charset=utf-8",
    ]);
    expect((await post(server, { query: HELLO }, { accept: "application/json" })).status).toBe(200);
  });

  it("is what a GET gets that names two documents", async () => {
    const server = await start();
    const url = `${server.url}?documentId=${hash(HELLO)}&documentId=${hash(ECHO)}`;
    const answer = await fetch(url, { headers: PREFLIGHT });
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: REQUIRED } }] });
  });
});

describe("a GET by hash", () => {
  it("is refused to a page of another site, which cannot send the header that is asked for", async () => {
    const server = await start();
    const answer = await get(server, { documentId: hash(HELLO) }, {});
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("CSRF");
  });

  it("may be kept by the one who asked, and is asked for again each time", async () => {
    const server = await start();
    const answer = await get(server, { documentId: hash(HELLO) });
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    expect(answer.headers.get("vary")).toBe("Accept, Authorization");
    const tag = answer.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const again = await get(server, { documentId: hash(HELLO) }, { ...PREFLIGHT, "if-none-match": known });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(again.headers.get("etag")).toBe(tag);
      expect(again.headers.get("cache-control")).toBe("private, no-cache");
      expect(again.headers.get("vary")).toBe("Accept, Authorization");
    }
  });

  it("is answered whole when the answer is another one, or of another type", async () => {
    const server = await start();
    const asked = (text: string) => ({ documentId: hash(ECHO), variables: { text } });
    const tag = (await get(server, asked("a"))).headers.get("etag") ?? "";
    const headers = { ...PREFLIGHT, "if-none-match": tag };
    expect((await get(server, asked("a"), headers)).status).toBe(304);
    expect(await (await get(server, asked("b"), headers)).json()).toEqual({ data: { echo: "b" } });
    const accept = "application/graphql-response+json";
    expect((await get(server, asked("a"), { ...headers, accept })).status).toBe(200);
  });

  it.each([
    ["fails in part", BROKEN],
    ["is not known", "{ hello }"],
    ["lacks a variable", ECHO],
  ])("is not kept when it %s", async (_name, text) => {
    const server = await start();
    const answer = await get(server, { documentId: hash(text) }, { ...PREFLIGHT, "if-none-match": "*" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("etag")).toBeNull();
    expect(await answer.json()).toHaveProperty("errors");
  });
});

describe("an answer that no list is behind", () => {
  it.each([
    ["a GET", (server: LiveServer) => get(server, { query: HELLO })],
    ["a POST", (server: LiveServer) => post(server, { query: HELLO })],
    ["a body that is no JSON", (server: LiveServer) => post(server, "{" as Asked, { "content-type": "text/xml" })],
  ])("to %s is not kept by anyone", async (_name, ask) => {
    const server = await startLive();
    const answer = await ask(server);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("etag")).toBeNull();
  });
});

describe("a server without a list", () => {
  it.each(TRANSPORTS.slice(2))("tells %s that it knows no names", async (_transport, ask) => {
    const server = await startLive();
    expect(await ask(server, { documentId: hash(HELLO) })).toMatchObject({
      errors: [{ extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } }],
    });
  });
});
