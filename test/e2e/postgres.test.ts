import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardOrderDocument,
  CardsDocument,
  CreateCardContactDocument,
  CreateVirtualCardDocument,
} from "../generated/graphql.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";

let postgres: PostgresServer;
let server: Cardgraph;
beforeAll(async () => {
  postgres = await startPostgres();
  const DATABASE_URL = await postgres.createDatabase();
  server = await startCardgraph({ env: { DATABASE_URL, RECONCILE_SCHEDULE_MS: "20" } });
});
afterAll(async () => {
  await server?.close();
  await postgres?.close();
});

const inputOf = (orderNo: string) => ({
  orderNo,
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000, currency: "USD" },
  customerId: "user_id_123",
});
const create = async (orderNo: string) =>
  (await server.ask(CreateVirtualCardDocument, { input: inputOf(orderNo) })).createVirtualCard;
const completed = (orderNo: string) =>
  eventually(
    async () => (await server.ask(CardOrderDocument, { orderNo })).cardOrder,
    (order) => order?.state === "COMPLETED",
  );

describe("on PostgreSQL", () => {
  it("a card is opened and becomes ACTIVE", async () => {
    expect((await create("postgres-1")).order?.state).toBe("ACCEPTED");
    expect((await completed("postgres-1"))?.card).toMatchObject({ status: "ACTIVE", deposit: { amountMinor: 1000 } });
  });

  it("fifty orders at once, each sent four times at once, open fifty cards", async () => {
    const orderNos = Array.from({ length: 50 }, (_, index) => `postgres-many-${index}`);
    await Promise.all(orderNos.flatMap((orderNo) => [1, 2, 3, 4].map(() => create(orderNo))));
    await Promise.all(orderNos.map(completed));
    for (const orderNo of orderNos) expect(server.prepaidify.cardsByOrderNo().get(orderNo)).toBe(1);
  });

  it("an answer that was lost is settled by the callback", async () => {
    server.prepaidify.script({ kind: "reset-after-accept" });
    await create("postgres-lost");
    await completed("postgres-lost");
    expect(server.prepaidify.cardsByOrderNo().get("postgres-lost")).toBe(1);
  });

  it("a contact is made once for its key", async () => {
    const input = {
      firstName: "xxe",
      lastName: "xxxx",
      mobile: "+861234789999",
      email: "122@12.com",
      idempotencyKey: "postgres",
    };
    const first = await server.ask(CreateCardContactDocument, { input });
    const again = await server.ask(CreateCardContactDocument, { input });
    expect(again.createCardContact).toEqual({ ...first.createCardContact, replayed: true });
  });

  it("the list has every card, and amounts are numbers", async () => {
    const { cards } = await server.ask(CardsDocument, { first: 100, filter: { customerId: "user_id_123" } });
    expect(cards.edges).toHaveLength(52);
  });
});
