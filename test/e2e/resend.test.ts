import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CreateVirtualCardDocument } from "../generated/graphql.js";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let orders: CardOrders;
beforeAll(async () => {
  server = await startCardgraph({
    // Soon the first time, and then so seldom that what a test sees is the end of it.
    env: { PREPAIDIFY_DEDUPES_ORDERS: "true", RECONCILE_SCHEDULE_MS: "20,600000", PROVIDER_TIMEOUT_MS: "1500" },
    // Cards are opened and callbacks come when a test says so.
    prepaidify: { dedupesOrders: true, stageMs: 600_000, callbacks: false },
  });
  orders = cardOrdersOf(server, "resend");
});
afterAll(() => server.close());

/** Opens the card at the provider, which calls back. */
const openCard = async (orderNo: string) => {
  server.prepaidify.setCardStatus(orders.cardIdOf(orderNo), "ACTIVE");
  expect(await server.prepaidify.resendCallback(orders.cardIdOf(orderNo))).toBe(200);
};
const sentTwice = (orderNo: string) =>
  eventually(
    async () => orders.sends(orderNo).length,
    (count) => count === 2,
  );

describe("where the provider refuses a number that it has, an order whose answer was unclear", () => {
  it.each([
    "hang",
    "reset-after-accept",
    "cut-body",
    "server-error",
    "unlisted-code",
  ] as const)("and that was taken (%s) is sent again, is told so, and is completed by the callback", async (kind) => {
    const { order, orderNo, userErrors } = await orders.place({}, { kind });
    expect(order).toMatchObject({ state: "UNCONFIRMED", failure: null });
    expect(userErrors).toEqual([]);
    const accepted = await orders.reaches(orderNo, "ACCEPTED");
    expect(accepted.card).toBeNull();
    expect(orders.moves(order?.id)).toEqual(["unclear to UNCONFIRMED", "taken to ACCEPTED"]);
    await openCard(orderNo);
    expect((await orders.reaches(orderNo, "COMPLETED")).card).toMatchObject({
      status: "ACTIVE",
      providerCardId: orders.cardIdOf(orderNo),
    });
    expect(orders.sends(orderNo)).toHaveLength(2);
    expect(orders.cardsOf(orderNo)).toBe(1);
  });

  it.each([
    "reset-before-accept",
    "server-error-not-accepted",
    "rate-limited",
  ] as const)("and that was not taken (%s) opens one card by the second send", async (kind) => {
    const { order, orderNo } = await orders.place({}, { kind }, { kind: "approve" });
    expect(order?.state).toBe("UNCONFIRMED");
    expect(await orders.reaches(orderNo, "ACCEPTED")).toMatchObject({ failure: null, card: { lifecycle: "OPENING" } });
    await openCard(orderNo);
    await orders.reaches(orderNo, "COMPLETED");
    expect(orders.sends(orderNo)).toHaveLength(2);
    expect(orders.cardsOf(orderNo)).toBe(1);
  });

  it("is sent again to the letter, callback address included", async () => {
    const cardHolder = { firstName: "Milton", lastName: "Schmitt" };
    const { orderNo } = await orders.place({ cardHolder }, { kind: "reset-before-accept" });
    await sentTwice(orderNo);
    const [first, second] = orders.sends(orderNo);
    expect(JSON.parse(first ?? "")).toMatchObject({ orderNo, cardHolder, customerId: "user_id_123" });
    expect(second).toBe(first);
  });

  it("is UNCONFIRMED, not PENDING, while it is being sent again, and a replay sends nothing", async () => {
    const { order, orderNo } = await orders.place({}, { kind: "reset-before-accept" }, { kind: "hang" });
    await sentTwice(orderNo);
    // The second call hangs now.
    expect(await orders.read(orderNo)).toMatchObject({ state: "UNCONFIRMED", failure: null });
    const input = {
      orderNo,
      cardRangeId: "vab_069af8a792ad",
      deposit: { amountMinor: 1000 },
      customerId: "user_id_123",
    };
    const { createVirtualCard: replay } = await server.ask(CreateVirtualCardDocument, { input });
    expect(replay).toMatchObject({ replayed: true, userErrors: [], order: { id: order?.id, state: "UNCONFIRMED" } });
    expect(orders.moves(order?.id)).toEqual(["unclear to UNCONFIRMED"]);
    // The callback waits for the call's own end, and then settles it.
    await openCard(orderNo);
    await orders.reaches(orderNo, "COMPLETED");
    expect(orders.sends(orderNo)).toHaveLength(2);
    expect(orders.cardsOf(orderNo)).toBe(1);
  });

  it.each(["403101", "300006", "200008"])("stays UNCONFIRMED when the second call is refused (%s)", async (code) => {
    const { order, orderNo } = await orders.place({}, { kind: "reset-before-accept" }, { kind: "decline", code });
    await eventually(
      async () => orders.moves(order?.id),
      (moves) => moves.includes("refused to UNCONFIRMED"),
    );
    expect(await orders.read(orderNo)).toMatchObject({ state: "UNCONFIRMED", failure: null, card: null });
    expect(orders.moves(order?.id)).toEqual(["unclear to UNCONFIRMED", "refused to UNCONFIRMED"]);
    expect(orders.cardsOf(orderNo)).toBe(0);
  });
});

describe("a call that is refused the first time because the number is taken", () => {
  it("leaves the order UNCONFIRMED: the number is somebody else's, so asking again would prove nothing", async () => {
    const { order, orderNo, userErrors } = await orders.place({}, { kind: "decline", code: "300001" });
    expect(order).toMatchObject({ state: "UNCONFIRMED", failure: null });
    expect(userErrors).toEqual([]);
    // One that may be sent again is, so this one has been looked at by then.
    const later = await orders.place({}, { kind: "reset-before-accept" });
    await sentTwice(later.orderNo);
    expect(orders.sends(orderNo)).toHaveLength(1);
    expect(await orders.read(orderNo)).toMatchObject({ state: "UNCONFIRMED", failure: null });
  });
});
