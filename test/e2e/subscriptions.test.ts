import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardDocument,
  CardOrderUpdatedDocument,
  type CardOrderUpdatedSubscription,
  CardUpdatedDocument,
  CreateVirtualCardDocument,
  OrderHistoryDocument,
} from "../generated/graphql.js";
import { accountsOf, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { TRANSPORTS, watch } from "../support/watching.js";

const DEPOSIT = { amountMinor: 1000, currency: "USD" };
const STAGES = ["INIT", "INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD", "ACTIVE"];

const place = async (server: Cardgraph, orderNo: string) => {
  const input = { orderNo, cardRangeId: "vab_069af8a792ad", deposit: DEPOSIT };
  const { createVirtualCard } = await server.ask(CreateVirtualCardDocument, { input });
  const { card } = createVirtualCard;
  if (!card) throw new Error("no card is being opened");
  return card;
};
/** What the card went through by the order's history: the truth that a follower is measured by. */
const historyOf = async (server: Cardgraph, orderNo: string): Promise<readonly string[]> => {
  const { cardOrder } = await server.ask(OrderHistoryDocument, { orderNo });
  return (cardOrder?.events.edges ?? []).flatMap(({ node }) => node.cardStatus ?? []);
};
const statusesOf = (seen: readonly CardOrderUpdatedSubscription[]): readonly (string | undefined)[] =>
  seen.map(({ cardOrderUpdated }) => cardOrderUpdated.card?.status);
const isCompleted = (seen: readonly CardOrderUpdatedSubscription[]): boolean =>
  seen.at(-1)?.cardOrderUpdated.state === "COMPLETED";
const told = ({ cardOrderUpdated: { state, card } }: CardOrderUpdatedSubscription): string =>
  `${state} ${card?.status ?? "-"} ${card?.last4 ? "issued" : "not issued"}`;

describe.each(TRANSPORTS)("an order that is followed over %s", (transport) => {
  let server: Cardgraph;
  beforeAll(async () => {
    server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "10" }, prepaidify: { stageMs: 300 } });
  });
  afterAll(() => server.close());
  const follow = (orderNo: string) => watch(server.url, transport, CardOrderUpdatedDocument, { orderNo });

  it("is shown as it stands, then every change as it was, to the end", async () => {
    const orderNo = `${transport}-stages`;
    const { providerCardId } = await place(server, orderNo);
    const watching = follow(orderNo);
    for (const [index, status] of STAGES.entries()) {
      server.prepaidify.setCardStatus(providerCardId, status);
      await watching.until((seen) => seen.length === index + 1);
    }
    expect(watching.seen.map(told)).toEqual([
      ...STAGES.slice(0, -1).map((stage) => `ACCEPTED ${stage} not issued`),
      "COMPLETED ACTIVE issued",
    ]);
  });

  it("is shown alike to many, whenever they come, with nothing left out", async () => {
    const orderNo = `${transport}-many`;
    await place(server, orderNo);
    const all = [];
    for (let index = 0; index < 40; index++) {
      all.push(follow(orderNo));
      if (index % 4 === 0) await pause(40);
    }
    const seen = await Promise.all(all.map((watching) => watching.until(isCompleted)));
    const history = await historyOf(server, orderNo);
    for (const one of seen) expect(statusesOf(one)).toEqual(history.slice(-one.length));
    expect(seen.some((one) => one.length === history.length)).toBe(true);
  });

  it("shows the end at once to somebody who comes late, and then nothing", async () => {
    const orderNo = `${transport}-late`;
    await place(server, orderNo);
    await follow(orderNo).until(isCompleted);
    const late = follow(orderNo);
    expect((await late.until(isCompleted)).map(told)).toEqual(["COMPLETED ACTIVE issued"]);
  });

  it("is refused when there is no such order", async () => {
    const errors = await follow("nothing-here").ended;
    expect(JSON.stringify(errors)).toContain("NOT_FOUND");
    expect(JSON.stringify(errors)).not.toContain("nothing-here");
  });

  it("is broken off when the server closes, and not called complete, so that clients come back", async () => {
    const other = await startCardgraph();
    await place(other, "closing");
    const watching = watch(other.url, transport, CardOrderUpdatedDocument, { orderNo: "closing" });
    await watching.until((seen) => seen.length > 0);
    await other.close();
    expect(await watching.ended).toBeDefined();
  });
});

describe("a card that is followed", () => {
  it("is shown as it stands and then when its later life changes it", async () => {
    const server = await startCardgraph({
      env: { RECONCILE_SCHEDULE_MS: "10", FOLLOW_CARDS_MS: "30" },
      prepaidify: { stageMs: 1 },
    });
    try {
      const { id, providerCardId } = await place(server, "later-life");
      await watch(server.url, "SSE", CardOrderUpdatedDocument, { orderNo: "later-life" }).until(isCompleted);
      const watching = watch(server.url, "SSE", CardUpdatedDocument, { id });
      await watching.until((seen) => seen.length === 1);
      for (const [index, status] of ["FREEZE", "ACTIVE", "CANCELLING", "CANCELED"].entries()) {
        server.prepaidify.setCardStatus(providerCardId, status);
        await watching.until((seen) => seen.length === index + 2);
      }
      expect(watching.seen.map(({ cardUpdated }) => cardUpdated.status)).toEqual([
        "ACTIVE",
        "FREEZE",
        "ACTIVE",
        "CANCELLING",
        "CANCELED",
      ]);
      expect((await server.ask(CardDocument, { id })).card?.lifecycle).toBe("CLOSED");
    } finally {
      await server.close();
    }
  });
});

describe("an order that is followed at another replica", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.close());

  it("is shown every change, wherever it was made", async () => {
    const DATABASE_URL = await postgres.createDatabase();
    const env = { DATABASE_URL, RECONCILE_SCHEDULE_MS: "10" };
    const one = await startCardgraph({ env, prepaidify: { stageMs: 300 } });
    const accounts = accountsOf(one.prepaidify, one.pagsmile);
    const two = await startCardgraph({ env: { ...env, ...accounts, PUBLIC_URL: one.url } });
    try {
      const orderNos = Array.from({ length: 5 }, (_, index) => `replicas-${index}`);
      await Promise.all(orderNos.map((orderNo) => place(one, orderNo)));
      const all = orderNos.flatMap((orderNo) => [
        watch(one.url, "SSE", CardOrderUpdatedDocument, { orderNo }),
        watch(two.url, "WebSocket", CardOrderUpdatedDocument, { orderNo }),
      ]);
      for (const watching of all) {
        const seen = await watching.until(isCompleted);
        const history = await historyOf(two, seen[0]?.cardOrderUpdated.orderNo ?? "");
        expect(statusesOf(seen)).toEqual(history.slice(-seen.length));
      }
    } finally {
      await two.close();
      await one.close();
    }
  });
});
