import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CreateVirtualCardDocument } from "../generated/graphql.js";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";

const usd = (amountMinor: number) => ({ deposit: { amountMinor, currency: "USD" } });

describe("a server with a spend limit", () => {
  let server: Cardgraph;
  let orders: CardOrders;
  beforeAll(async () => {
    server = await startCardgraph({ env: { SPEND_LIMIT_MINOR_PER_DAY: "2500", RECONCILE_SCHEDULE_MS: "20" } });
    orders = cardOrdersOf(server, "spend");
  });
  afterAll(() => server.close());

  it("refuses the order that goes beyond it, before anything is sent, and answers those that stand", async () => {
    const first = await orders.place(usd(1_500));
    const refused = await orders.place(usd(1_001));
    expect(refused).toMatchObject({
      order: null,
      card: null,
      replayed: false,
      userErrors: [
        { code: "SPEND_LIMIT_REACHED", field: ["deposit", "amountMinor"], retryable: false, providerCode: null },
      ],
    });
    expect(refused.userErrors[0]?.message).not.toMatch(/\d/);
    expect(orders.sends(refused.orderNo)).toEqual([]);
    expect(await orders.read(refused.orderNo)).toBeNull();
    expect((await orders.place(usd(1_000))).order?.state).toBe("ACCEPTED");
    const again = await orders.place({ orderNo: first.orderNo, ...usd(1_500) });
    expect(again).toMatchObject({ replayed: true, order: { id: first.order?.id }, userErrors: [] });
  });

  it("has room again for what an order that failed gave back", async () => {
    const other = await startCardgraph({ env: { SPEND_LIMIT_MINOR_PER_DAY: "1000" } });
    const itsOrders = cardOrdersOf(other, "back");
    const failed = await itsOrders.place(usd(1_000), { kind: "decline", code: "300005" });
    expect(failed.order?.state).toBe("FAILED");
    expect((await itsOrders.place(usd(1_000))).order?.state).toBe("ACCEPTED");
    await other.close();
  });
});

describe("two servers on one PostgreSQL", () => {
  let postgres: PostgresServer;
  let servers: readonly Cardgraph[];
  const LIMIT = 20_000;
  beforeAll(async () => {
    postgres = await startPostgres();
    const DATABASE_URL = await postgres.createDatabase();
    const env = { DATABASE_URL, SPEND_LIMIT_MINOR_PER_DAY: String(LIMIT) };
    // One after the other: the first makes the tables.
    servers = [await startCardgraph({ env }), await startCardgraph({ env })];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await postgres.close();
  });

  it("take no more than the limit together, of fifty orders that come at once, and all of it", async () => {
    const placing = Array.from({ length: 50 }, async (_, index) => {
      const server = servers[index % 2] as Cardgraph;
      const input = { orderNo: `race-${index}`, cardRangeId: "vab_069af8a792ad", ...usd(1_000 + (index % 3) * 500) };
      return (await server.ask(CreateVirtualCardDocument, { input })).createVirtualCard;
    });
    const placed = await Promise.all(placing);
    const refused = placed.filter(({ order }) => order === null);
    const sum = servers
      .flatMap(({ prepaidify }) => prepaidify.cards())
      .reduce((total, card) => total + card.ordered, 0);
    expect(refused.every(({ userErrors }) => userErrors[0]?.code === "SPEND_LIMIT_REACHED")).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(LIMIT);
    expect(sum).toBeGreaterThan(LIMIT - 1_000);
  });
});
