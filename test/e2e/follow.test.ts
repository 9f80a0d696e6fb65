import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let orders: CardOrders;
const start = (followMs: number) => async () => {
  server = await startCardgraph({
    env: { FOLLOW_CARDS_MS: String(followMs), RECONCILE_SCHEDULE_MS: "20" },
    // Nobody is ever called back: what is seen was looked for.
    prepaidify: { callbacks: false },
  });
  orders = cardOrdersOf(server, "follow");
};
const stop = () => server.close();

/** An order whose card is open, with the provider's id of the card. */
async function openCard() {
  const { orderNo } = await orders.place();
  await orders.reaches(orderNo, "COMPLETED");
  return { orderNo, cardId: orders.cardIdOf(orderNo) };
}
const shows = (orderNo: string, status: string) =>
  eventually(
    async () => (await orders.read(orderNo))?.card?.status,
    (now) => now === status,
  );
/** Resolves when the provider was asked for a card another `times` times. */
async function readAgain(cardId: string, times: number): Promise<void> {
  const before = orders.readsOf(cardId);
  await eventually(
    async () => orders.readsOf(cardId),
    (count) => count >= before + times,
  );
}

describe("the later life of a card, without any callback", () => {
  beforeAll(start(100));
  afterAll(stop);

  it("is followed: a card that the provider freezes shows so, and so does its thaw", async () => {
    const { orderNo, cardId } = await openCard();
    server.prepaidify.setCardStatus(cardId, "FREEZE");
    await shows(orderNo, "FREEZE");
    expect(await orders.read(orderNo)).toMatchObject({ state: "COMPLETED", card: { lifecycle: "BLOCKED" } });
    server.prepaidify.setCardStatus(cardId, "ACTIVE");
    await shows(orderNo, "ACTIVE");
  });

  it.each([
    "CANCELED",
    "EXPIRED",
    "DELETED",
  ] as const)("is followed to its end (%s), and a card that is over is left alone", async (status) => {
    const { orderNo, cardId } = await openCard();
    const open = await openCard();
    server.prepaidify.setCardStatus(cardId, status);
    await shows(orderNo, status);
    expect(await orders.read(orderNo)).toMatchObject({ state: "COMPLETED", card: { lifecycle: "CLOSED" } });
    const reads = orders.readsOf(cardId);
    // The other card is looked at again and again meanwhile.
    await readAgain(open.cardId, 4);
    expect(orders.readsOf(cardId)).toBe(reads);
  });

  it("is followed while the card is closing, which is not the end yet", async () => {
    const { orderNo, cardId } = await openCard();
    server.prepaidify.setCardStatus(cardId, "CANCELLING");
    await shows(orderNo, "CANCELLING");
    server.prepaidify.setCardStatus(cardId, "CANCELED");
    await shows(orderNo, "CANCELED");
  });

  it("is not followed for a card that was never opened and refunded", async () => {
    const refunded = await orders.place({}, { kind: "fail-and-refund" });
    await orders.reaches(refunded.orderNo, "FAILED");
    const cardId = orders.cardIdOf(refunded.orderNo);
    const reads = orders.readsOf(cardId);
    const open = await openCard();
    await readAgain(open.cardId, 4);
    expect(orders.readsOf(cardId)).toBe(reads);
  });
});

describe("the later life of a card, where FOLLOW_CARDS_MS is 0", () => {
  beforeAll(start(0));
  afterAll(stop);

  it("is not looked at", async () => {
    const { orderNo, cardId } = await openCard();
    server.prepaidify.setCardStatus(cardId, "FREEZE");
    const reads = orders.readsOf(cardId);
    // Another order goes its whole way meanwhile.
    await openCard();
    expect(orders.readsOf(cardId)).toBe(reads);
    expect((await orders.read(orderNo))?.card?.status).toBe("ACTIVE");
  });
});
