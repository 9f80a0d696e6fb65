import { describe, expect, it, onTestFinished } from "vitest";
import { startCardgraph } from "../support/cardgraph.js";

describe("the whole server", () => {
  it("takes its bounds on live operations from the environment, and shows what is open", async () => {
    const server = await startCardgraph({ env: { LIVE_OPERATIONS_MAX: "1", LIVE_OPERATIONS_PER_CLIENT: "1" } });
    onTestFinished(() => server.close());
    const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
    const socketUrl = `${server.url.replace("http", "ws")}/graphql`;
    const open = () => {
      const socket = new WebSocket(socketUrl, "graphql-transport-ws");
      onTestFinished(() => socket.close());
      return new Promise((resolve) => {
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      });
    };
    expect(await open()).toBe("open");
    expect(await open()).toBe("refused");
    const shown = await metrics();
    expect(shown).toContain("cardgraph_live_sockets 1");
    expect(shown).toContain("cardgraph_live_operations 0");
    expect(shown).toContain(
      'cardgraph_events_total{event="live_operation_refused",provider="",outcome="server_full"} 1',
    );
  });

  it("answers the product's own operations over server-sent events", async () => {
    const server = await startCardgraph();
    onTestFinished(() => server.close());
    const answer = await server.post({ query: "{ providers { code mode } }" }, { accept: "text/event-stream" });
    expect(await answer.text()).toContain('{"providers":[{"code":"PAGSMILE","mode":"LIVE"}');
  });
});
