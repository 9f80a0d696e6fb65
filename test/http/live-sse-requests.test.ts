import { describe, expect, it } from "vitest";
import { startLive } from "../support/live-server.js";
import { type Ask, ask } from "../support/sse-requests.js";

describe("which answer a client gets", () => {
  it.each([
    ["text/event-stream", true],
    ["text/event-stream, multipart/mixed", true],
    ["application/json;q=0.5, text/event-stream", true],
    ["text/event-stream, */*", true],
    ["application/graphql-response+json, application/json, text/event-stream, multipart/mixed", false],
    ["application/json, text/event-stream;q=0.9", false],
    ["text/event-stream;q=0", false],
    ["application/json", false],
    ["*/*", false],
  ])("that accepts %s is decided by what it prefers", async (accept, streams) => {
    const server = await startLive();
    const answer = await ask(server, "{ hello }", { headers: { accept } });
    expect(answer.headers.get("content-type")).toMatch(streams ? /^text\/event-stream/ : /json/);
  });

  it("for a subscription that is sent as a plain request is how to subscribe", async () => {
    const server = await startLive();
    const query = "subscription { ticks }";
    const posted = await ask(server, query, { headers: { accept: "application/json" } });
    const search = `?query=${encodeURIComponent(query)}`;
    const headers = { accept: "application/json", "apollo-require-preflight": "1" };
    const got = await ask(server, "", { method: "GET", search, headers });
    for (const answer of [posted, got]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      const { errors } = (await answer.json()) as { errors: { message: string; extensions: object }[] };
      expect(errors).toMatchObject([{ extensions: { code: "BAD_REQUEST", requestId: expect.any(String) } }]);
      expect(errors[0]?.message).toContain("Accept: text/event-stream");
      expect(errors[0]?.message).toContain("graphql-transport-ws");
    }
    expect(server.ticks.open).toBe(0);
    expect(server.unplanned).toEqual([]);
  });
});

describe("a request for events that is refused", () => {
  const spend = { query: "mutation { spend }" };

  it.each([
    ["a mutation as a GET", { method: "GET", search: "?query=mutation%7Bspend%7D" }, 405, "BAD_REQUEST"],
    ["a form's plain text", { body: spend, headers: { "content-type": "text/plain" } }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    [
      "plain text that mentions JSON",
      { body: spend, headers: { "content-type": "text/plain; x=application/json" } },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    [
      "a form",
      { body: "query=x", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    ["no JSON", { body: "{" }, 400, "BAD_REQUEST"],
    ["a batch", { body: [spend] }, 400, "BAD_REQUEST"],
    ["no document", { body: {} }, 400, "BAD_REQUEST"],
    ["a document that is none", { body: { query: 1 } }, 400, "BAD_REQUEST"],
    ["variables that are none", { body: { query: "{ hello }", variables: [1] } }, 400, "BAD_REQUEST"],
    ["an operationName that is none", { body: { query: "{ hello }", operationName: {} } }, 400, "BAD_REQUEST"],
    [
      "variables in an address that are no JSON",
      { method: "GET", search: "?query=x&variables=%7B" },
      400,
      "BAD_REQUEST",
    ],
    ["two documents in an address", { method: "GET", search: "?query=x&query=y" }, 400, "BAD_REQUEST"],
    ["too much", { body: { query: "x".repeat(100_001) } }, 413, "PAYLOAD_TOO_LARGE"],
    ["the reservation of a stream", { method: "PUT" }, 404, "NOT_FOUND"],
    ["the end of a reserved stream's operation", { method: "DELETE", search: "?operationId=1" }, 404, "NOT_FOUND"],
    ["a reserved stream", { method: "GET", headers: { "x-graphql-event-stream-token": "token" } }, 400, "BAD_REQUEST"],
  ] satisfies [
    string,
    Ask,
    number,
    string,
  ][])("is told so in GraphQL's shape: %s", async (_name, how, status, code) => {
    const server = await startLive();
    const answer = await ask(server, "", how);
    expect(answer.status).toBe(status);
    const { errors } = (await answer.json()) as { errors: { extensions: object }[] };
    const requestId = answer.headers.get("x-request-id");
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code, requestId }]);
    expect(server.spent()).toBe(0);
    expect(server.route.openOperations()).toBe(0);
  });
});
