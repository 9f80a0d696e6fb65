import { describe, expect, it } from "vitest";
import { ANYBODY } from "../../src/domain/identity.js";
import { type LiveServer, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";
import { startRouter } from "../support/router.js";
import { ask } from "../support/sse-requests.js";
import { open } from "../support/ws-connection.js";

const TICKS = "subscription { ticks }";
const GONE = { message: "The bearer token is no longer valid.", extensions: { code: "UNAUTHENTICATED" } };

/** A server that lets in whoever comes, until `takeBack` is called. */
async function startRevocable(
  callbackUrls: readonly string[] = [],
): Promise<[server: LiveServer, takeBack: () => void]> {
  let holds = true;
  const authenticator = { authenticate: async () => ANYBODY, stillHolds: async () => holds };
  const takeBack = (): void => {
    holds = false;
  };
  return [await startLive({}, undefined, { authenticator, callbackUrls }), takeBack];
}

describe("what a caller was let in with, taken back while their connection is open", () => {
  it("lets nothing more be done over a WebSocket", async () => {
    const [server, takeBack] = await startRevocable();
    const plain = await open(server);
    plain.subscribe("before", "mutation { spend }");
    await eventually(() => plain.messages.length === 2);
    takeBack();
    plain.subscribe("after", "mutation { spend }");
    await eventually(() => plain.messages.length === 4);
    expect(plain.messages[2]).toMatchObject({ id: "after", type: "next", payload: { errors: [GONE] } });
    expect(server.spent()).toBe(1);
  });

  it("shows nothing more of what is followed over a WebSocket", async () => {
    const [server, takeBack] = await startRevocable();
    const plain = await open(server);
    plain.subscribe("followed", TICKS);
    await eventually(() => server.ticks.open === 1);
    takeBack();
    server.ticks.publish(1);
    await eventually(() => plain.messages.length === 1);
    expect(plain.messages).toMatchObject([{ id: "followed", type: "error", payload: [GONE] }]);
    expect(server.ticks.open).toBe(0);
  });

  it("shows nothing more of what is followed over server-sent events", async () => {
    const [server, takeBack] = await startRevocable();
    const answer = await ask(server, TICKS);
    await eventually(() => server.ticks.open === 1);
    takeBack();
    server.ticks.publish(1);
    const text = await answer.text();
    expect(text).toContain(GONE.message);
    expect(text).not.toContain('"ticks":1');
  });

  it("shows nothing more of what is sent to a router", async () => {
    const router = await startRouter();
    const [server, takeBack] = await startRevocable([router.url]);
    await router.subscribe(server, TICKS);
    await eventually(() => server.ticks.open === 1);
    takeBack();
    server.ticks.publish(1);
    await eventually(() => router.actions().includes("complete"));
    expect(router.messages.at(-1)).toMatchObject({ action: "complete", errors: [GONE] });
    expect(router.actions()).not.toContain("next");
  });
});
