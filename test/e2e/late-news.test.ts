import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { type ProviderFront, startProviderFront } from "../support/provider-front.js";

let server: Cardgraph;
let front: ProviderFront;
let orders: CardOrders;
beforeAll(async () => {
  front = await startProviderFront(() => server.prepaidify.url);
  server = await startCardgraph({
    env: {
      PREPAIDIFY_BASE_URL: front.url,
      RECONCILE_SCHEDULE_MS: "20,100",
      UNCONFIRMED_REVIEW_AFTER_MS: "1000",
      FOLLOW_CARDS_MS: "0",
    },
    prepaidify: { stageMs: 600_000, callbacks: false },
  });
  orders = cardOrdersOf(server, "late-news");
});
afterAll(async () => {
  await server.close();
  await front.close();
});
beforeEach(() => front.refuse(null));

const askedInVain = () => {
  const before = front.refused();
  return eventually(
    async () => front.refused(),
    (count) => count > before,
  );
};

describe("a callback that cannot be confirmed, because the provider does not answer when it is asked", () => {
  it("is asked about again after its order went to a person, and settles it", async () => {
    const { orderNo } = await orders.place({}, { kind: "reset-after-accept" });
    const cardId = orders.cardIdOf(orderNo);
    server.prepaidify.setCardStatus(cardId, "ACTIVE");
    front.refuse("/card/info");
    expect(await server.prepaidify.resendCallback(cardId)).toBe(200);
    await orders.reaches(orderNo, "NEEDS_REVIEW");
    front.refuse(null);
    expect((await orders.reaches(orderNo, "COMPLETED")).card).toMatchObject({
      providerCardId: cardId,
      status: "ACTIVE",
    });
    expect(orders.sends(orderNo)).toHaveLength(1);
  });

  it("is asked about again for an order that is completed, whose card nobody follows", async () => {
    const { orderNo } = await orders.place();
    const cardId = orders.cardIdOf(orderNo);
    server.prepaidify.setCardStatus(cardId, "ACTIVE");
    await orders.reaches(orderNo, "COMPLETED");
    server.prepaidify.setCardStatus(cardId, "FREEZE");
    front.refuse("/card/info");
    const asked = askedInVain();
    expect(await orders.callBack(orderNo, "RISK_CONTROL", { cardId, type: "FREEZE_CARD" })).toBe(200);
    await asked;
    expect((await orders.read(orderNo))?.card?.status).toBe("ACTIVE");
    front.refuse(null);
    const found = await eventually(
      () => orders.read(orderNo),
      (order) => order?.card?.status === "FREEZE",
    );
    expect(found?.state).toBe("COMPLETED");
  });

  it("does not keep another one from its turn", async () => {
    const { orderNo } = await orders.place({}, { kind: "reset-after-accept" });
    for (const cardId of ["c_unheard1", "c_unheard2", "c_unheard3", "c_unheard4"]) {
      expect(await orders.callBack(orderNo, "CREATE_CARD", { cardId })).toBe(200);
    }
    server.prepaidify.setCardStatus(orders.cardIdOf(orderNo), "ACTIVE");
    expect(await server.prepaidify.resendCallback(orders.cardIdOf(orderNo))).toBe(200);
    expect((await orders.reaches(orderNo, "COMPLETED")).card?.providerCardId).toBe(orders.cardIdOf(orderNo));
  });

  it("is asked about again when another card has completed the order meanwhile", async () => {
    const mine = await orders.place({}, { kind: "reset-after-accept" });
    const second = await orders.place({}, { kind: "reset-after-accept" });
    for (const { orderNo } of [mine, second]) server.prepaidify.setCardStatus(orders.cardIdOf(orderNo), "ACTIVE");
    expect(await orders.callBack(mine.orderNo, "CREATE_CARD", { cardId: "c_notyet" })).toBe(200);
    expect(await server.prepaidify.resendCallback(orders.cardIdOf(mine.orderNo))).toBe(200);
    await orders.reaches(mine.orderNo, "COMPLETED");
    const asked = orders.readsOf("c_notyet");
    await eventually(
      async () => orders.readsOf("c_notyet"),
      (count) => count > asked,
    );
  });
});
