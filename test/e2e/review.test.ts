import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

/** How long an order waits for what settles it, in these tests. */
const REVIEW_MS = 1_000;
const SOON = { UNCONFIRMED_REVIEW_AFTER_MS: String(REVIEW_MS), PROVIDER_TIMEOUT_MS: "700" };

let server: Cardgraph;
let orders: CardOrders;
const start = (env: Record<string, string>, maxCards?: number) => async () => {
  server = await startCardgraph({
    env: { ...SOON, ...env },
    // Cards are opened and callbacks come when a test says so.
    prepaidify: { stageMs: 600_000, callbacks: false, ...(maxCards ? { maxCards } : {}) },
  });
  orders = cardOrdersOf(server, "review");
};
const stop = () => server.close();

describe("an order that waits for what settles it", () => {
  beforeAll(start({ RECONCILE_SCHEDULE_MS: "20,200" }));
  afterAll(stop);

  it.each([
    "hang",
    "reset-after-accept",
    "server-error",
  ] as const)("is never sent twice where a provider may take it twice (%s), and evidence settles it", async (kind) => {
    const { order, orderNo } = await orders.place({}, { kind });
    expect(order?.state).toBe("UNCONFIRMED");
    expect((await orders.reaches(orderNo, "NEEDS_REVIEW")).failure).toBeNull();
    server.prepaidify.setCardStatus(orders.cardIdOf(orderNo), "ACTIVE");
    expect(await server.prepaidify.resendCallback(orders.cardIdOf(orderNo))).toBe(200);
    expect((await orders.reaches(orderNo, "COMPLETED")).card?.providerCardId).toBe(orders.cardIdOf(orderNo));
    expect(orders.sends(orderNo)).toHaveLength(1);
    expect(orders.cardsOf(orderNo)).toBe(1);
  });

  it("is never sent twice either when nothing ever comes of it, and is not called failed", async () => {
    const { orderNo } = await orders.place({}, { kind: "reset-before-accept" });
    expect((await orders.reaches(orderNo, "NEEDS_REVIEW")).failure).toBeNull();
    expect(orders.sends(orderNo)).toHaveLength(1);
    expect(orders.cardsOf(orderNo)).toBe(0);
  });

  it.each([
    ["ACTIVE", "COMPLETED"],
    ["CREATE_CARD_FAILED_REFUND", "FAILED"],
  ] as const)("for a card that stays in INIT goes to a person, and is settled once it is %s", async (status, state) => {
    const { order, orderNo } = await orders.place();
    expect(order?.state).toBe("ACCEPTED");
    expect(await orders.reaches(orderNo, "NEEDS_REVIEW")).toMatchObject({ failure: null, card: { status: "INIT" } });
    server.prepaidify.setCardStatus(orders.cardIdOf(orderNo), status);
    expect((await orders.reaches(orderNo, state)).card?.status).toBe(status);
    expect(orders.sends(orderNo)).toHaveLength(1);
    expect(orders.cardsOf(orderNo)).toBe(1);
  });

  it("is not completed by a second card that fits it: that may be a second deposit, so a person looks", async () => {
    const mine = await orders.place();
    server.prepaidify.setCardStatus(orders.cardIdOf(mine.orderNo), "ACTIVE");
    await orders.reaches(mine.orderNo, "COMPLETED");
    // A card that the provider has and that no order of ours is known to own.
    const second = await orders.place({}, { kind: "reset-after-accept" });
    const secondCardId = orders.cardIdOf(second.orderNo);
    expect(await orders.callBack(mine.orderNo, "CREATE_CARD", { cardId: secondCardId })).toBe(200);
    const found = await orders.reaches(mine.orderNo, "NEEDS_REVIEW");
    expect(found.card).toMatchObject({ status: "ACTIVE", providerCardId: orders.cardIdOf(mine.orderNo) });
    expect(orders.moves(mine.order?.id).at(-1)).toBe("callback to NEEDS_REVIEW");
    // The order whose card it really is has not lost it.
    server.prepaidify.setCardStatus(secondCardId, "ACTIVE");
    expect(await server.prepaidify.resendCallback(secondCardId)).toBe(200);
    expect((await orders.reaches(second.orderNo, "COMPLETED")).card?.providerCardId).toBe(secondCardId);
    expect((await orders.read(mine.orderNo))?.state).toBe("NEEDS_REVIEW");
  });
});

describe("where the provider refuses a number that it has", () => {
  beforeAll(start({ RECONCILE_SCHEDULE_MS: "20,200", PREPAIDIFY_DEDUPES_ORDERS: "true" }));
  afterAll(stop);

  it("an order whose very first call was refused for its number is never sent again", async () => {
    const { orderNo } = await orders.place({}, { kind: "decline", code: "300001" });
    await orders.reaches(orderNo, "NEEDS_REVIEW");
    expect(orders.sends(orderNo)).toHaveLength(1);
    expect(orders.cardsOf(orderNo)).toBe(0);
  });
});

describe("a provider that does not know the card (404005)", () => {
  // One look soon, and then so seldom that the deadline itself is the next.
  beforeAll(start({ RECONCILE_SCHEDULE_MS: "20,600000" }, 1));
  afterAll(stop);

  /** Asked soon, at the deadline, and once more soon after it; then not for ten minutes. */
  const stopsAsking = async (providerCardId: string) => {
    await eventually(
      async () => orders.readsOf(providerCardId),
      (count) => count === 3,
    );
    // Another order goes its way to the same place meanwhile.
    await orders.reaches((await orders.place()).orderNo, "NEEDS_REVIEW");
    expect(orders.readsOf(providerCardId)).toBe(3);
  };

  it("that it opened: the order goes to a person, and is not asked about without end in between", async () => {
    const { order, orderNo } = await orders.place();
    expect(order?.state).toBe("ACCEPTED");
    const cardId = orders.cardIdOf(orderNo);
    // The sandbox keeps one card: the next one takes its place.
    await orders.place();
    const found = await orders.reaches(orderNo, "NEEDS_REVIEW");
    expect(found).toMatchObject({ failure: null, card: { status: "INIT", providerCardId: cardId } });
    await stopsAsking(cardId);
  });

  it("that a callback names: the order goes to a person, and the card is not asked for without end", async () => {
    const { orderNo } = await orders.place({}, { kind: "reset-before-accept" });
    await eventually(async () => orders.sends(orderNo).length, Boolean);
    expect(await orders.callBack(orderNo, "CREATE_CARD", { cardId: "c_neverheardof" })).toBe(200);
    expect(await orders.reaches(orderNo, "NEEDS_REVIEW")).toMatchObject({ failure: null, card: null });
    await stopsAsking("c_neverheardof");
  });
});
