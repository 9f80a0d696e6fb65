import { request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { MISSES_PER_MINUTE } from "../../src/http/callback-strangers.js";
import { CardOrderDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { orderOf } from "../support/asking.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

const EVENTS = "/callbacks/prepaidify/events";
const VALIDATE = "/callbacks/prepaidify/validate/create?orderNo=";
const TOKEN = "pagsmile-token-0123456789";
/** Polls so seldom that only callbacks can move an order here. */
const ENV = { RECONCILE_SCHEDULE_MS: "600000", PROVIDER_TIMEOUT_MS: "2000", PAGSMILE_CALLBACK_TOKEN: TOKEN };
/** Every peer is a proxy here, so that requests can be said to come from anywhere. */
const TRUSTED_PROXIES = "127.0.0.0/8";

async function start(env: Readonly<Record<string, string>> = {}): Promise<Cardgraph> {
  const server = await startCardgraph({ env: { ...ENV, ...env } });
  onTestFinished(() => server.close());
  return server;
}
const at = (server: Cardgraph, path: string, from: string, init: RequestInit = {}): Promise<Response> =>
  fetch(server.url + path, { ...init, headers: { "x-forwarded-for": from } });
const place = async (server: Cardgraph, orderNo: string) =>
  (await server.ask(CreateVirtualCardDocument, orderOf(orderNo))).createVirtualCard;
const completes = (server: Cardgraph, orderNo: string) =>
  eventually(
    async () => (await server.ask(CardOrderDocument, { orderNo })).cardOrder?.state,
    (state) => state === "COMPLETED",
  );
const notification = JSON.stringify({ request_id: "r1", notify_type: "2", biz_data: { card_token: "c1" } });

describe("a provider whose networks are named", () => {
  it("reaches this server from there, for validation and for events", async () => {
    const server = await start({ PREPAIDIFY_CALLBACK_NETWORKS: "127.0.0.0/8, fd00::/8" });
    expect((await place(server, "from-here")).userErrors).toEqual([]);
    await completes(server, "from-here");
  });

  it("is answered like anybody who guesses when it calls from elsewhere, and the order is not validated", async () => {
    const server = await start({ PREPAIDIFY_CALLBACK_NETWORKS: "198.51.100.0/24" });
    const { order } = await place(server, "from-elsewhere");
    expect(order?.state).not.toBe("ACCEPTED");
    const sent = server.prepaidify.requests.find(({ body }) => body.includes("from-elsewhere"));
    const { callbackUrl } = JSON.parse(sent?.body ?? "{}");
    const answer = await fetch(callbackUrl, { method: "POST", body: "{}" });
    expect([answer.status, await answer.text()]).toEqual([404, "not found"]);
    expect(server.log.join("")).toContain('"msg":"callback_refused"');
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/event="callback_refused",provider="PREPAIDIFY",outcome="foreign_address"} [1-9]/);
  });

  it("is known by what a trusted proxy says, and by nothing that others say", async () => {
    const networks = { PAGSMILE_CALLBACK_NETWORKS: "198.51.100.0/24" };
    const path = `/callbacks/pagsmile/events/${TOKEN}`;
    const post = { method: "POST", body: notification };
    const behind = await start({ ...networks, TRUSTED_PROXIES });
    expect((await at(behind, path, "198.51.100.7", post)).status).toBe(200);
    expect((await at(behind, path, "198.51.100.7, 192.0.2.1", post)).status).toBe(404);
    expect((await fetch(behind.url + path, post)).status).toBe(404);
    const open = await start(networks);
    expect((await at(open, path, "198.51.100.7", post)).status).toBe(404);
  });
});

describe("somebody who guesses at the addresses that providers call", () => {
  const guess = async (server: Cardgraph, from: string): Promise<void> => {
    for (let nth = 0; nth < MISSES_PER_MINUTE; nth += 1) {
      const path = nth % 2 === 0 ? `${EVENTS}/guess-${nth}` : `${VALIDATE}guess-${nth}`;
      const method = nth % 2 === 0 ? { method: "POST", body: event } : {};
      expect((await at(server, path, from, method)).status).toBe(404);
    }
  };
  const event = JSON.stringify({ eventType: "CREATE_CARD", eventId: "ev_1", webhookSubscribeId: "w", data: {} });
  const post = { method: "POST", body: event };

  it("has no more of them looked up, is told when to come back, and holds up nobody else", async () => {
    const server = await start({ TRUSTED_PROXIES });
    await guess(server, "192.0.2.1");
    for (const [path, how] of [
      [`${EVENTS}/x`, post],
      [`${VALIDATE}x`, {}],
    ] as const) {
      const answer = await at(server, path, "192.0.2.1", how);
      expect([answer.status, await answer.text()]).toEqual([429, "try again later"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await at(server, path, "192.0.2.2", how)).status).toBe(404);
    }
  });

  it("takes nothing from a provider at the same address: what is sent just now is confirmed from memory", async () => {
    const server = await start();
    await guess(server, "192.0.2.1");
    expect((await at(server, `${VALIDATE}x`, "192.0.2.1")).status).toBe(429);
    expect((await place(server, "same-address")).userErrors).toEqual([]);
    await completes(server, "same-address");
  });

  it("keeps events to the address of a whole account from nobody who has its token", async () => {
    const token = "prepaidify-token-0123456789";
    const server = await start({ PREPAIDIFY_CALLBACK_TOKEN: token });
    await guess(server, "192.0.2.1");
    expect((await at(server, `${EVENTS}/x`, "192.0.2.1", post)).status).toBe(429);
    const answer = await at(server, `${EVENTS}/${token}`, "192.0.2.1", post);
    expect(answer.status).toBe(200);
  });
});

describe("the addresses that providers call", () => {
  it("answer to the methods that providers use, and to no other", async () => {
    const server = await start();
    const statusOf = async (method: string, path: string) => (await fetch(server.url + path, { method })).status;
    const head = await fetch(`${server.url}${VALIDATE}x`, { method: "HEAD" });
    // From the server itself: the address has no answer of its own to this.
    expect([head.status, head.headers.get("content-type")]).toEqual([404, expect.stringContaining("json")]);
    expect(await statusOf("POST", `${VALIDATE}x`)).toBe(404);
    expect(await statusOf("GET", `${EVENTS}/x`)).toBe(404);
    expect(await statusOf("PUT", `${EVENTS}/x`)).toBe(404);
    expect(await statusOf("OPTIONS", `${EVENTS}/x`)).toBe(404);
  });

  it("set no cookie and read none, and do not mind what an event is called", async () => {
    const server = await start();
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<readonly [number, unknown]>((resolve, reject) => {
      const headers = { "content-type": "image/png; charset=nonsense", cookie: "a=b" };
      const asked = request({
        ...{ hostname, port, headers },
        method: "POST",
        path: `/callbacks/pagsmile/events/${TOKEN}`,
      });
      asked.on("response", (response) => {
        resolve([response.statusCode ?? 0, response.headers["set-cookie"]]);
        response.resume();
      });
      asked.on("error", reject).end(notification);
    });
    expect(answer).toEqual([200, undefined]);
  });
});
