import { describe, expect, it } from "vitest";
import { AnswerBound, TOO_LATE } from "../../src/http/answer-bound.js";
import { startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { ask } from "../support/sse-requests.js";
import { open } from "../support/ws-connection.js";

const ANSWER_MS = { answerMs: 30 };
const query = "{ slow }";
const headers = { "content-type": "application/json" };
const late = {
  message: expect.stringContaining("goes on"),
  extensions: expect.objectContaining({ code: "SERVICE_UNAVAILABLE" }),
};

describe("an answer that takes too long", () => {
  it("and comes in the end does not have whoever came after it forgotten", async () => {
    const bound = new AnswerBound(30, { record: () => undefined });
    const forEver = (): Promise<never> => new Promise(() => undefined);
    let finish = (_: string): void => undefined;
    const first = new Promise<string>((resolve) => {
      finish = resolve;
    });
    expect(await bound.within(first)).toBe(TOO_LATE);
    const second = bound.within(forEver());
    finish("late");
    await first;
    expect(await Promise.all([second, bound.within(forEver())])).toEqual([TOO_LATE, TOO_LATE]);
  });

  it("is not waited for, over a plain request: its caller is told to ask again", async () => {
    const server = await startLive({}, () => {}, ANSWER_MS);
    const answer = await fetch(server.url, { method: "POST", headers, body: JSON.stringify({ query }) });
    expect([answer.status, await answer.json()]).toEqual([503, { errors: [late] }]);
    expect(server.journal).toEqual([{ event: "answer_late" }]);
    // The answer that comes in the end is nobody's any more, and does no harm.
    server.letGo();
    const next = await fetch(server.url, { method: "POST", headers, body: JSON.stringify({ query: "{ hello }" }) });
    expect([next.status, await next.json()]).toEqual([200, { data: { hello: "world" } }]);
  });

  it.each([
    ["a plain request", {}],
    ["server-sent events", { accept: "text/event-stream" }],
  ])("does not end what was begun by %s: a mutation goes on and takes effect", async (_name, accept) => {
    const server = await startLive({}, () => {}, ANSWER_MS);
    const body = JSON.stringify({ query: "mutation { spendSlowly }" });
    const answer = await fetch(server.url, { method: "POST", headers: { ...headers, ...accept }, body });
    expect(await answer.text()).toContain("SERVICE_UNAVAILABLE");
    expect(server.spent()).toBe(0);
    server.letGo();
    await eventually(() => server.spent() === 1);
  });

  it("is not waited for over server-sent events", async () => {
    const server = await startLive({}, () => {}, ANSWER_MS);
    expect(await (await ask(server, query)).text()).toMatch(
      /event: next\ndata: .*SERVICE_UNAVAILABLE.*event: complete/s,
    );
    await eventually(() => server.route.openOperations() === 0);
  });

  it("is not waited for on a WebSocket, which stays open", async () => {
    const server = await startLive({}, () => {}, ANSWER_MS);
    const { subscribe, messages, socket } = await open(server);
    subscribe("1", query);
    await eventually(() => messages.length === 2);
    expect(messages).toMatchObject([{ type: "next", payload: { errors: [late] } }, { type: "complete" }]);
    expect([server.route.openOperations(), socket.readyState]).toEqual([0, socket.OPEN]);
  });

  it("is no matter of a subscription, which may be silent for as long as it likes", async () => {
    const server = await startLive({}, () => {}, { answerMs: 1 });
    const { subscribe, messages } = await open(server);
    subscribe("1", "subscription { ticks }");
    subscribe("2", query);
    await eventually(() => messages.length === 2);
    server.ticks.publish(7);
    await eventually(() => messages.length === 3);
    expect(messages[2]).toMatchObject({ id: "1", type: "next", payload: { data: { ticks: 7 } } });
  });
});
