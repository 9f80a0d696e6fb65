import { createClient } from "graphql-sse";
import { describe, expect, it } from "vitest";
import { type LiveServer, SECRET, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { ask, get, results } from "../support/sse-requests.js";

describe("an operation over server-sent events", () => {
  it("is a stream that proxies pass on as it is", async () => {
    const server = await startLive();
    const answer = await ask(server, "subscription { ticks }");
    await eventually(() => server.ticks.open === 1);
    server.ticks.publish(1);
    server.ticks.publish(2);
    server.ticks.finish();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store, no-transform");
    expect(answer.headers.get("x-accel-buffering")).toBe("no");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await answer.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"ticks":1}}\n\nevent: next\ndata: {"data":{"ticks":2}}\n\n' +
        "event: complete\ndata:\n\n",
    );
    await eventually(() => server.route.openOperations() === 0);
  });

  it("may be of any kind", async () => {
    const server = await startLive();
    expect(results(await (await ask(server, "{ hello }")).text())).toEqual([{ data: { hello: "world" } }]);
    expect(results(await (await get(server, "{ hello }")).text())).toEqual([{ data: { hello: "world" } }]);
    expect(results(await (await ask(server, "mutation { spend }")).text())).toEqual([{ data: { spend: 1 } }]);
  });

  it("is understood by graphql-sse's own client", async () => {
    const server = await startLive();
    const client = createClient({ url: server.url, retryAttempts: 0 });
    const seen: unknown[] = [];
    const read = (async () => {
      for await (const { data } of client.iterate({ query: "subscription { ticks }" })) seen.push(data?.ticks);
    })();
    await eventually(() => server.ticks.open === 1);
    for (let tick = 1; tick <= 100; tick++) server.ticks.publish(tick);
    server.ticks.finish();
    await read;
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it("has a sign of life in quiet times", async () => {
    const server = await startLive({ heartbeatMs: 10 });
    const { body } = await ask(server, "subscription { ticks }");
    let text = "";
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.length > 12) break;
    }
    expect(text).toMatch(/^(:\n\n)+$/);
  });

  it("has a context of its own for every event, under one request id", async () => {
    const server = await startLive();
    const answer = await ask(server, "subscription { contexts }");
    await eventually(() => server.ticks.open === 1);
    server.ticks.publish(0);
    server.ticks.publish(0);
    server.ticks.finish();
    expect(results(await answer.text())).toEqual([{ data: { contexts: 2 } }, { data: { contexts: 3 } }]);
    const named = await ask(server, "{ requestId }");
    expect(results(await named.text())).toEqual([{ data: { requestId: named.headers.get("x-request-id") } }]);
  });
});

describe("what goes wrong with an operation over server-sent events", () => {
  const errorsOf = async (server: LiveServer, query: string, body?: unknown) => {
    const answer = await ask(server, query, { body });
    const text = await answer.text();
    expect(text).not.toContain(SECRET);
    expect(text).toMatch(/event: complete\ndata:\n\n$/);
    const requestId = answer.headers.get("x-request-id");
    const [result, ...more] = results(text) as { data?: unknown; errors: { message: string; extensions: object }[] }[];
    expect(more).toEqual([]);
    for (const { extensions } of result?.errors ?? []) expect(extensions).toMatchObject({ requestId });
    return result?.errors ?? [];
  };
  const coded = (code: string) => [{ extensions: { code } }];

  it("before it is carried out is an event with the same codes as elsewhere", async () => {
    const server = await startLive();
    expect(await errorsOf(server, "{")).toMatchObject(coded("GRAPHQL_PARSE_FAILED"));
    expect(await errorsOf(server, "{ nothing }")).toMatchObject(coded("GRAPHQL_VALIDATION_FAILED"));
    expect(await errorsOf(server, `{ ${"hello ".repeat(2_001)} }`)).toMatchObject(coded("GRAPHQL_PARSE_FAILED"));
    const wide = `{ ${"...F ".repeat(400)} } fragment F on Query { a: hello b: hello c: hello }`;
    expect((await errorsOf(server, wide))[0]?.message).toContain("more than 1000 fields");
    const two = { query: "query A { hello } query B { hello }", operationName: SECRET };
    expect(await errorsOf(server, "", two)).toMatchObject(coded("OPERATION_RESOLUTION_FAILURE"));
    expect(await errorsOf(server, "fragment F on Query { hello }")).toMatchObject(coded("GRAPHQL_VALIDATION_FAILED"));
    const variables = { query: "query($text: String!) { echo(text: $text) }", variables: { text: { [SECRET]: 1 } } };
    expect(await errorsOf(server, "", variables)).toMatchObject(coded("BAD_USER_INPUT"));
    expect(server.unplanned).toEqual([]);
    expect(server.route.openOperations()).toBe(0);
  });

  it("that nobody planned is masked and reported under its request id", async () => {
    const server = await startLive();
    for (const query of ["{ broken }", "subscription { unopened }"]) {
      expect(await errorsOf(server, query)).toMatchObject(coded("INTERNAL_SERVER_ERROR"));
    }
    expect(server.unplanned.map(({ message }) => message)).toEqual([SECRET, SECRET]);
  });

  it("when it subscribes is told, if it was planned", async () => {
    const server = await startLive();
    expect(await errorsOf(server, "subscription { refused }")).toMatchObject([{ message: "There is no such order." }]);
    const answer = await ask(server, "subscription { ticks }", { headers: { authorization: "refused" } });
    expect(await answer.text()).toContain("This key is not known here.");
    expect(server.route.openOperations()).toBe(0);
  });

  it("later in the stream is masked too, and ends it when the source itself fails", async () => {
    const server = await startLive();
    const answer = await ask(server, "subscription { odd }");
    await eventually(() => server.ticks.open === 1);
    for (const tick of [1, 2, 3]) server.ticks.publish(tick);
    server.ticks.finish();
    const code = "INTERNAL_SERVER_ERROR";
    expect(results(await answer.text())).toMatchObject([
      { data: { odd: 1 } },
      { data: { odd: null }, errors: [{ path: ["odd"], extensions: { code } }] },
      { data: { odd: 3 } },
    ]);
    const broken = await (await ask(server, "subscription { breaking }")).text();
    expect(results(broken)).toMatchObject([{ data: { breaking: 1 } }, { errors: [{ extensions: { code } }] }]);
    expect(broken).toMatch(/event: complete\ndata:\n\n$/);
    expect(broken).not.toContain(SECRET);
    expect(server.unplanned.map(({ message }) => message)).toEqual([SECRET, SECRET]);
  });
});
