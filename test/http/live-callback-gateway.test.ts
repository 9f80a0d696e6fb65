import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGatewayRuntime, MemPubSub } from "@graphql-hive/gateway";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";
import { createClient } from "graphql-sse";
import { expect, it, onTestFinished } from "vitest";
import { type LiveServer, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
  type Query { hello: String! }
  type Subscription { ticks: Int! }`;

/** The supergraph of one subgraph. */
function supergraphOf(url: string): string {
  const composed = composeServices([{ name: "live", typeDefs: parse(SDL), url }]);
  if (!("supergraphSdl" in composed) || !composed.supergraphSdl) throw new Error(JSON.stringify(composed.errors));
  return composed.supergraphSdl;
}

it("Hive's gateway follows a subscription by HTTP callback, from its first event to its last", async () => {
  const http = createServer();
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: LiveServer = await startLive({}, () => {}, { callbackUrls: [`${url}/callback`] });
  const options = { public_url: `${url}/callback`, path: "/callback", heartbeat_interval: 1_000 };
  const gateway = createGatewayRuntime({
    supergraph: supergraphOf(server.url),
    logging: false,
    pubsub: new MemPubSub(),
    webhooks: true,
    transportEntries: {
      "*.http": { options: { subscriptions: { kind: "http-callback", location: server.url, options } } },
    },
  });
  let messages = 0;
  http.on("request", (request) => {
    if (request.url?.startsWith("/callback/")) messages += 1;
  });
  http.on("request", gateway);
  onTestFinished(async () => {
    await gateway.dispose();
    http.closeAllConnections();
    http.close();
  });
  const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  const seen: unknown[] = [];
  const done = (async () => {
    for await (const result of client.iterate({ query: "subscription { ticks }" })) seen.push(result.data);
  })();
  await eventually(() => server.ticks.open === 1);
  for (const tick of [1, 2]) {
    server.ticks.publish(tick);
    await eventually(() => seen.length === tick);
  }
  server.ticks.finish();
  await done;
  expect(seen).toEqual([{ ticks: 1 }, { ticks: 2 }]);
  await eventually(() => server.route.openOperations() === 0);
  // The confirmation, two events and the end; there may be a heartbeat among them.
  expect(messages).toBeGreaterThanOrEqual(4);
});
