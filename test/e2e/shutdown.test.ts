import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CreateVirtualCardDocument, OrderHistoryDocument } from "../generated/graphql.js";
import { eventually, startCardgraph } from "../support/cardgraph.js";
import { startPostgres } from "../support/postgres.js";

const input = {
  orderNo: "while-closing",
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000, currency: "USD" },
};

describe("a server that is told to stop while a provider works", () => {
  it("still confirms the order when the provider asks back, and answers the caller before it ends", async () => {
    const server = await startCardgraph({ prepaidify: { lateMs: 300 } });
    server.prepaidify.script({ kind: "check-late" });
    const answer = server.ask(CreateVirtualCardDocument, { input });
    await eventually(
      async () => server.prepaidify.requests.length,
      (count) => count > 0,
    );
    const closed = server.close();
    expect((await answer).createVirtualCard).toMatchObject({ order: { state: "ACCEPTED" }, userErrors: [] });
    await closed;
    expect(server.prepaidify.cardsByOrderNo().get("while-closing")).toBe(1);
  });

  it("sends nothing new meanwhile: such an order stands, and the next server sends it", async () => {
    const postgres = await startPostgres();
    const env = { DATABASE_URL: await postgres.createDatabase(), RECONCILE_SCHEDULE_MS: "20" };
    const first = await startCardgraph({ env, prepaidify: { lateMs: 400 } });
    try {
      first.prepaidify.script({ kind: "check-late" });
      const under_way = first.ask(CreateVirtualCardDocument, { input });
      await eventually(
        async () => first.prepaidify.requests.length,
        (count) => count > 0,
      );
      const closed = first.close();
      await pause(20);
      const late = await first.ask(CreateVirtualCardDocument, { input: { ...input, orderNo: "too-late" } });
      expect(late.createVirtualCard).toMatchObject({
        order: { state: "PENDING" },
        userErrors: [{ code: "PROVIDER_UNAVAILABLE", retryable: true }],
      });
      await under_way;
      await closed;
      expect(first.prepaidify.cardsByOrderNo().get("too-late")).toBeUndefined();
      const second = await startCardgraph({ env });
      const { createVirtualCard } = await second.ask(CreateVirtualCardDocument, {
        input: { ...input, orderNo: "too-late" },
      });
      expect(createVirtualCard).toMatchObject({ replayed: true, order: { state: "ACCEPTED" } });
      const { cardOrder } = await second.ask(OrderHistoryDocument, { orderNo: "too-late" });
      expect(cardOrder?.events.edges.map(({ node }) => node.evidence).slice(0, 3)).toEqual([
        "PLACED",
        "SENDING",
        "ANSWER",
      ]);
      await second.close();
    } finally {
      await postgres.close();
    }
  });
});
