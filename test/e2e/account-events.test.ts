import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

const TOKEN = "account-token-0123456789";

let server: Cardgraph;
let orders: CardOrders;
const address = (token = TOKEN) => `${server.url}/callbacks/prepaidify/events/${token}`;
beforeAll(async () => {
  server = await startCardgraph({
    // Cards are not followed and polls are seldom: what is seen was told.
    env: { PREPAIDIFY_CALLBACK_TOKEN: TOKEN, FOLLOW_CARDS_MS: "0", RECONCILE_SCHEDULE_MS: "600000" },
    prepaidify: { stageMs: 600_000, callbacks: false, accountCallbackUrl: () => address() },
  });
  orders = cardOrdersOf(server, "account");
});
afterAll(() => server.close());

const event = (data: object, eventType = "RISK_CONTROL") =>
  JSON.stringify({ eventType, eventId: `ev_${randomBytes(6).toString("hex")}`, webhookSubscribeId: "wsb_1", data });
const post = (body: string, token?: string) => server.prepaidify.sendCallback(address(token), body);
const received = (outcome: string) =>
  server.log.filter((line) => line.includes('"callback_received"') && line.includes(`"${outcome}"`)).length;
const shows = (orderNo: string, status: string) =>
  eventually(
    () => orders.read(orderNo),
    (order) => order?.card?.status === status,
  );
/** An order whose card is open. */
async function openCard(email = "cards@merchant.example") {
  const { orderNo } = await orders.place({ email });
  const cardId = orders.cardIdOf(orderNo);
  server.prepaidify.setCardStatus(cardId, "ACTIVE");
  expect(await server.prepaidify.resendCallback(cardId)).toBe(200);
  await orders.reaches(orderNo, "COMPLETED");
  return { orderNo, cardId };
}

describe("risk control, which the provider tells the whole account", () => {
  it("shows on the card that was frozen, long after its order was completed", async () => {
    const { orderNo, cardId } = await openCard();
    expect(await server.prepaidify.freezeCard(cardId)).toBe(200);
    expect(await shows(orderNo, "FREEZE")).toMatchObject({ state: "COMPLETED", card: { lifecycle: "BLOCKED" } });
  });

  it("shows on every card of a user whose account was frozen, and on no other", async () => {
    const [one, two, other] = [
      await openCard("frozen@customer.example"),
      await openCard("frozen@customer.example"),
      await openCard("other@customer.example"),
    ];
    const reads = orders.readsOf(other.cardId);
    const user = server.prepaidify.cards().find(({ cardId }) => cardId === one.cardId)?.userId ?? "";
    expect(await server.prepaidify.freezeUser(user)).toBe(200);
    await shows(one.orderNo, "FREEZE");
    await shows(two.orderNo, "FREEZE");
    expect((await orders.read(other.orderNo))?.card?.status).toBe("ACTIVE");
    expect(orders.readsOf(other.cardId)).toBe(reads);
  });

  it("is believed only when the provider, asked, says the same", async () => {
    const { orderNo, cardId } = await openCard();
    const reads = orders.readsOf(cardId);
    expect(await post(event({ cardIds: [cardId], type: "FREEZE_CARD", status: "FREEZE" }))).toBe(200);
    await eventually(
      async () => orders.readsOf(cardId),
      (count) => count > reads,
    );
    expect(await orders.read(orderNo)).toMatchObject({ state: "COMPLETED", card: { status: "ACTIVE" } });
  });

  it("is counted once when it is told again, and asked about no more", async () => {
    const { orderNo, cardId } = await openCard();
    const body = event({ cardIds: [cardId], type: "FREEZE_CARD" });
    server.prepaidify.setCardStatus(cardId, "FREEZE");
    expect(await post(body)).toBe(200);
    await shows(orderNo, "FREEZE");
    const [reads, duplicates] = [orders.readsOf(cardId), received("duplicate")];
    expect(await post(body)).toBe(200);
    expect(received("duplicate")).toBe(duplicates + 1);
    await openCard();
    expect(orders.readsOf(cardId)).toBe(reads);
  });

  it("leaves no card number behind", async () => {
    const { cardId } = await openCard();
    await server.prepaidify.freezeCard(cardId);
    const numbers = server.prepaidify.cards().map(({ number }) => number);
    expect(numbers.length).toBeGreaterThan(0);
    for (const number of numbers) expect(server.log.join("\n")).not.toContain(number);
  });
});

describe("an event to the account's address", () => {
  it("settles an order whose own callback never comes, if it names the order and its card", async () => {
    const { order, orderNo } = await orders.place({}, { kind: "reset-after-accept" });
    expect(order?.state).toBe("UNCONFIRMED");
    const cardId = orders.cardIdOf(orderNo);
    server.prepaidify.setCardStatus(cardId, "ACTIVE");
    expect(await post(event({ orderNo, cardId, status: "ACTIVE" }, "CREATE_CARD"))).toBe(200);
    expect((await orders.reaches(orderNo, "COMPLETED")).card?.providerCardId).toBe(cardId);
    expect(orders.cardsOf(orderNo)).toBe(1);
  });

  it("about a card that is not known yet is kept, and the card is looked at once it is", async () => {
    const { orderNo } = await orders.place({}, { kind: "reset-after-accept" });
    const cardId = orders.cardIdOf(orderNo);
    server.prepaidify.setCardStatus(cardId, "ACTIVE");
    const before = received("unlinked");
    expect(await post(event({ cardIds: [cardId], type: "FREEZE_CARD" }))).toBe(200);
    expect(received("unlinked")).toBe(before + 1);
    expect(orders.readsOf(cardId)).toBe(0);
    // Its own callback makes it known: read once for that, and once for what was kept.
    expect(await server.prepaidify.resendCallback(cardId)).toBe(200);
    await orders.reaches(orderNo, "COMPLETED");
    await eventually(
      async () => orders.readsOf(cardId),
      (count) => count === 2,
    );
  });

  it("about an order that is not placed yet is kept, and asked about once it is placed", async () => {
    const before = received("unlinked");
    expect(await post(event({ orderNo: "account-later", cardId: "c_unheardof" }, "CREATE_CARD"))).toBe(200);
    expect(received("unlinked")).toBe(before + 1);
    const { orderNo } = await orders.place({ orderNo: "account-later" }, { kind: "reset-before-accept" });
    await eventually(async () => orders.readsOf("c_unheardof"), Boolean);
    expect(await orders.read(orderNo)).toMatchObject({ state: "UNCONFIRMED", card: null });
  });

  it("that names another order's card for an order hurts neither", async () => {
    const mine = await orders.place({}, { kind: "reset-before-accept" });
    const theirs = await openCard();
    expect(await post(event({ orderNo: mine.orderNo, cardId: theirs.cardId }, "CREATE_CARD"))).toBe(200);
    await eventually(async () => server.log.some((line) => line.includes('"not_believed"')), Boolean);
    expect((await orders.read(mine.orderNo))?.state).toBe("UNCONFIRMED");
    expect((await orders.read(theirs.orderNo))?.state).toBe("COMPLETED");
  });

  it.each([
    ["forged", 404, "unknown_token", () => post(event({ cardIds: ["c_1"] }), "account-token-9876543210")],
    ["malformed", 400, "malformed", () => post("{")],
    ["without anything that is known", 200, "unlinked", () => post(event({}))],
  ] as const)("that is %s is answered %i and counted", async (_what, status, outcome, send) => {
    const before = received(outcome);
    expect(await send()).toBe(status);
    expect(received(outcome)).toBe(before + 1);
  });

  it("that is too large is refused before it is read", async () => {
    expect(await post(event({ reason: "x".repeat(100_000) }))).toBe(413);
  });
});
