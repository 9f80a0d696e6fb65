import { describe, expect, it, onTestFinished } from "vitest";
import { cardOrdersOf } from "../support/card-orders.js";
import { startCardgraph } from "../support/cardgraph.js";
import { eventually } from "../support/raw-server.js";
import { startRouter } from "../support/router.js";

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

  it("sends a router the life of an order, to the address that the environment allows", async () => {
    const router = await startRouter();
    const env = { SUBSCRIPTION_CALLBACK_URLS: router.url, RECONCILE_SCHEDULE_MS: "10" };
    const server = await startCardgraph({ env, prepaidify: { stageMs: 20 } });
    onTestFinished(() => server.close());
    const { orderNo } = await cardOrdersOf(server, "routed").place();
    const query = "subscription($orderNo: String!) { cardOrderUpdated(orderNo: $orderNo) { orderNo state } }";
    const graphql = { url: `${server.url}/graphql` };
    const answer = await router.subscribe(graphql, query, { body: { variables: { orderNo } } });
    expect(await answer.json()).toEqual({ data: null });
    const last = { action: "next", payload: { data: { cardOrderUpdated: { orderNo, state: "COMPLETED" } } } };
    await eventually(() => router.messages.some(({ payload }) => JSON.stringify(payload)?.includes("COMPLETED")));
    expect(router.messages.at(-1)).toMatchObject(last);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain("cardgraph_live_operations 1");
    const none = { callback: { subscriptionId: "s2" }, body: { variables: { orderNo: "none" } } };
    expect(await (await router.subscribe(graphql, query, none)).json()).toMatchObject({ errors: [{}] });
  });
});
