import { setTimeout as pause } from "node:timers/promises";
import { print } from "graphql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CardOrderDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Answer, type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { type Link, startLink } from "../support/link.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";

const SENTENCE = /Nothing that had been committed is lost. Send the same request again/;

/** Longer than an order stays marked as being sent. */
const AT_REST_MS = 40_000;

let postgres: PostgresServer;
let link: Link;
let server: Cardgraph;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.close();
});
beforeEach(async () => {
  const url = await postgres.createDatabase();
  link = await startLink(new URL(url));
  const env = { DATABASE_URL: link.through(url), RECONCILE_SCHEDULE_MS: "20" };
  server = await startCardgraph({ env, prepaidify: { stageMs: 20 } });
});
afterEach(async () => {
  await server?.close();
  await link?.close();
});

const inputOf = (orderNo: string) => ({
  orderNo,
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000, currency: "USD" },
});
const bodyOf = (orderNo: string) => ({
  query: print(CreateVirtualCardDocument),
  variables: { input: inputOf(orderNo) },
});
type Created = Answer<{ createVirtualCard: { order: { state: string } | null } }>;
async function create(orderNo: string): Promise<{ status: number; answer: Created }> {
  const response = await server.post(bodyOf(orderNo));
  return { status: response.status, answer: (await response.json()) as Created };
}
const health = async (route: "live" | "ready") => (await fetch(`${server.url}/health/${route}`)).status;
const stateOf = async (orderNo: string) =>
  (await server.answerTo(CardOrderDocument, { orderNo })).data?.cardOrder?.state;
/** Long enough for every lease to end: a claim may be what was cut off. */
const LEASES_END_MS = 60_000;
const completed = (orderNo: string) =>
  eventually(
    () => stateOf(orderNo),
    (state) => state === "COMPLETED",
    LEASES_END_MS,
  );
const metric = async (pattern: RegExp) => (await (await fetch(`${server.url}/metrics`)).text()).match(pattern);
const logged = (event: string) =>
  server.log.map((line) => JSON.parse(line)).filter(({ msg, level }) => msg === event && level >= 30);

describe("while the database is away", () => {
  it("a request is told so with status 503, and that sending it again is safe", async () => {
    await link.cut();
    const { status, answer } = await create("away-1");
    expect(status).toBe(503);
    expect(answer.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(SENTENCE),
        extensions: { code: "SERVICE_UNAVAILABLE", requestId: expect.any(String) },
      }),
    ]);
    expect(server.prepaidify.cardsByOrderNo().size).toBe(0);
    await link.mend();
    expect((await create("away-1")).answer.data?.createVirtualCard.order?.state).toBe("ACCEPTED");
  });

  it("providers that call are told to try again", async () => {
    await link.cut();
    const event = await fetch(`${server.url}/callbacks/prepaidify/events/some-token`, {
      method: "POST",
      body: JSON.stringify({
        eventId: "1",
        eventType: "CARD",
        data: { cardId: "prv_1", orderNo: "x", status: "ACTIVE" },
      }),
    });
    const reverse = await fetch(`${server.url}/callbacks/prepaidify/validate/create?orderNo=away-2`);
    for (const response of [event, reverse]) {
      expect(response.status).toBe(503);
      expect(await response.text()).toBe("try again");
    }
  });

  it("the server is live and not ready, says so at once however many ask, and is ready when it is back", async () => {
    expect(await health("ready")).toBe(200);
    link.swallowAll();
    const startedMs = performance.now();
    const answers = await Promise.all(Array.from({ length: 30 }, () => health("ready")));
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(new Set(answers)).toEqual(new Set([503]));
    expect(await health("live")).toBe(200);
    await link.cut();
    await link.mend();
    await eventually(
      () => health("ready"),
      (status) => status === 200,
    );
  });

  it("it is logged once and counted every time, without addresses, and its return is logged too", async () => {
    await link.cut();
    for (const orderNo of ["away-3", "away-4", "away-5"]) await create(orderNo);
    expect(logged("store_unavailable")).toEqual([expect.objectContaining({ level: 40, again: false })]);
    const counted = await metric(/cardgraph_events_total\{event="store_unavailable".*?outcome="unreachable"\} (\d+)/);
    expect(Number(counted?.[1])).toBeGreaterThanOrEqual(3);
    await link.mend();
    await eventually(
      () => health("ready"),
      (status) => status === 200,
    );
    await eventually(
      async () => logged("store_available").length,
      (times) => times === 1,
    );
    expect(server.log.join("")).not.toMatch(/"stack"|planted|127\.0\.0\.1:\d+.*ECONN/);
  });

  it("an answer that the provider gave meanwhile is held on to until it can be written", async () => {
    const sent = create("away-6");
    await eventually(
      async () => server.prepaidify.cardsByOrderNo().size,
      (cards) => cards === 1,
    );
    await link.cut();
    await eventually(
      async () => logged("store_unavailable").length,
      (times) => times > 0,
    );
    await link.mend();
    expect((await sent).answer.data?.createVirtualCard.order?.state).toMatch(/ACCEPTED|COMPLETED/);
    await completed("away-6");
  }, 90_000);
});

describe("a PostgreSQL that is killed while orders are placed", () => {
  it("and started again loses no order and doubles none, and the server goes on by itself", async () => {
    const orderNos = Array.from({ length: 40 }, (_, index) => `killed-${index}`);
    const acknowledged = new Map<string, string>();
    const turnedAway: string[] = [];
    const place = async (orderNo: string): Promise<void> => {
      for (;;) {
        const { status, answer } = await create(orderNo);
        const order = answer.data?.createVirtualCard.order;
        if (status === 200 && order) return void acknowledged.set(orderNo, order.state);
        expect({ status, code: answer.errors?.[0]?.extensions.code }).toEqual({
          status: 503,
          code: "SERVICE_UNAVAILABLE",
        });
        turnedAway.push(orderNo);
        await pause(100);
      }
    };
    const placing = Promise.all(
      orderNos.map(async (orderNo, index) => {
        await pause(index * 25);
        await place(orderNo);
      }),
    );
    await eventually(
      async () => acknowledged.size,
      (size) => size >= 5,
    );
    await postgres.kill();
    await eventually(
      () => health("ready"),
      (status) => status === 503,
    );
    expect(await health("live")).toBe(200);
    await eventually(
      async () => turnedAway.length,
      (times) => times > 0,
    );
    await postgres.restart();
    const backMs = performance.now();
    await eventually(
      () => health("ready"),
      (status) => status === 200,
    );
    expect(performance.now() - backMs).toBeLessThan(5_000);
    await placing;
    // What was acknowledged as accepted opens. An order that the outage caught in the middle of its call may have been
    // refused by an issuer that could not validate it, or be unclear; it is never called what it is not.
    for (const orderNo of orderNos) {
      const wasAccepted = /ACCEPTED|COMPLETED/.test(acknowledged.get(orderNo) ?? "");
      const atRest = wasAccepted ? /COMPLETED/ : /COMPLETED|FAILED|UNCONFIRMED/;
      await expect.poll(() => stateOf(orderNo), { timeout: AT_REST_MS }).toMatch(atRest);
      const state = await stateOf(orderNo);
      const cards = server.prepaidify.cardsByOrderNo().get(orderNo) ?? 0;
      const expected = state === "COMPLETED" ? [1] : state === "FAILED" ? [0] : [0, 1];
      expect(expected, `cards of ${orderNo}, which is ${state}`).toContain(cards);
    }
  }, 150_000);
});
