import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scenario } from "../../src/datasources/prepaidify/sandbox/scenario.js";
import { CardOrderDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let orders = 0;
beforeAll(async () => {
  // Polls so seldom that only callbacks can move an order here.
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "600000", PROVIDER_TIMEOUT_MS: "1500" } });
});
afterAll(() => server.close());

async function order(kind: Exclude<Scenario["kind"], "decline"> = "approve") {
  server.prepaidify.script({ kind });
  const orderNo = `callback-${++orders}`;
  const deposit = { amountMinor: 1000, currency: "USD" };
  const input = { orderNo, cardRangeId: "vab_069af8a792ad", deposit };
  await server.ask(CreateVirtualCardDocument, { input });
  const sent = server.prepaidify.requests.find(({ body }) => body.includes(`"${orderNo}"`));
  const callbackUrl: string = JSON.parse(sent?.body ?? "{}").callbackUrl;
  return { orderNo, callbackUrl };
}
const stateOf = async (orderNo: string) => (await server.ask(CardOrderDocument, { orderNo })).cardOrder?.state;
const cardOf = (orderNo: string) => server.prepaidify.cards().find((card) => card.orderNo === orderNo);
const validate = (path: string): Promise<Response> => fetch(`${server.url}/callbacks/prepaidify/validate/${path}`);
const event = (data: object, eventId = `ev_${randomBytes(6).toString("hex")}`): string =>
  JSON.stringify({ eventType: "CREATE_CARD", eventId, webhookSubscribeId: "wsb_1", data });

describe("reverse validation", () => {
  it("is refused, unsigned, for an order that nobody is sending", async () => {
    const { orderNo } = await order();
    await eventually(
      () => stateOf(orderNo),
      (state) => state === "COMPLETED",
    );
    for (const path of [`create?orderNo=${orderNo}`, "create?orderNo=never-heard-of", "create", "create?orderNo="]) {
      const answer = await validate(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("ach-access-sign")).toBeNull();
      expect(await answer.text()).not.toContain("success");
    }
  });

  it.each([
    "deposit",
    "refund",
    "cancel",
    "other",
  ])("is refused for the operation %s, which is never sent", async (name) => {
    expect((await validate(`${name}?orderNo=callback-1`)).status).toBe(404);
  });

  it("is refused when the order number comes twice", async () => {
    expect((await validate("create?orderNo=callback-1&orderNo=callback-2")).status).toBe(404);
  });
});

describe("a callback", () => {
  it("to an address that no order has is refused and stores nothing", async () => {
    const unknown = `${server.url}/callbacks/prepaidify/events/${randomBytes(18).toString("base64url")}`;
    expect(await server.prepaidify.sendCallback(unknown, event({ cardId: "c_1", orderNo: "x" }))).toBe(404);
  });

  it.each([
    "",
    "{",
    "[]",
    "null",
    '"text"',
    '{"eventType":1}',
    "\u0000",
  ])("that is malformed is refused: %j", async (body) => {
    const { callbackUrl, orderNo } = await order("lost-callback");
    expect(await server.prepaidify.sendCallback(callbackUrl, body)).toBe(400);
    expect(await stateOf(orderNo)).toBe("ACCEPTED");
  });

  it("that is too large is refused before it is read", async () => {
    const { callbackUrl } = await order("lost-callback");
    const status = await server.prepaidify.sendCallback(callbackUrl, event({ note: "x".repeat(100_000) }));
    expect(status).toBe(413);
  });

  it("is believed only when the provider itself says the same: a forged success changes nothing", async () => {
    const { callbackUrl, orderNo } = await order("lost-callback");
    const cardId = cardOf(orderNo)?.cardId ?? "";
    server.prepaidify.setCardStatus(cardId, "INIT_CREATE_CARD");
    const forged = event({ cardId, orderNo, status: "ACTIVE", deposit: 999_999, last4: "6666" });
    expect(await server.prepaidify.sendCallback(callbackUrl, forged)).toBe(200);
    const found = await eventually(
      async () => (await server.ask(CardOrderDocument, { orderNo })).cardOrder,
      (now) => now?.card?.status === "INIT_CREATE_CARD",
    );
    expect(found).toMatchObject({ state: "ACCEPTED", card: { last4: null, deposit: { amountMinor: 1000 } } });
  });

  it("that names another order's card is not believed, and neither order is hurt", async () => {
    const other = await order();
    await eventually(
      () => stateOf(other.orderNo),
      (state) => state === "COMPLETED",
    );
    const { callbackUrl, orderNo } = await order("server-error-not-accepted");
    const stolen = cardOf(other.orderNo)?.cardId;
    expect(await server.prepaidify.sendCallback(callbackUrl, event({ cardId: stolen, orderNo }))).toBe(200);
    await eventually(async () => server.log.some((line) => line.includes('"not_believed"')), Boolean);
    expect(await stateOf(orderNo)).toBe("UNCONFIRMED");
    expect(await stateOf(other.orderNo)).toBe("COMPLETED");
  });

  it("that names another order and its card is kept, raises an alarm, and is never believed", async () => {
    const mine = await order("server-error-not-accepted");
    const theirs = await order("lost-callback");
    const cardId = cardOf(theirs.orderNo)?.cardId;
    expect(await server.prepaidify.sendCallback(mine.callbackUrl, event({ cardId, orderNo: theirs.orderNo }))).toBe(
      200,
    );
    await eventually(async () => server.log.some((line) => line.includes('"misdirected"')), Boolean);
    expect(await stateOf(mine.orderNo)).toBe("UNCONFIRMED");
  });

  it("is asked about again when the provider does not know the card yet", async () => {
    const { callbackUrl, orderNo } = await order("server-error-not-accepted");
    const unknown = event({ cardId: "c_notyetknown1", orderNo });
    expect(await server.prepaidify.sendCallback(callbackUrl, unknown)).toBe(200);
    const asked = () => server.prepaidify.requests.filter(({ body }) => body.includes("c_notyetknown1")).length;
    await eventually(
      async () => asked(),
      (count) => count >= 1,
    );
    expect(await stateOf(orderNo)).toBe("UNCONFIRMED");
    expect(await server.prepaidify.sendCallback(callbackUrl, event({ cardId: "c_other", orderNo }))).toBe(200);
    await eventually(
      async () => asked(),
      (count) => count >= 2,
    );
  });

  it("settles an order whose answer was lost", async () => {
    const { orderNo } = await order("reset-after-accept");
    await eventually(
      () => stateOf(orderNo),
      (state) => state === "COMPLETED",
    );
    expect(server.prepaidify.cardsByOrderNo().get(orderNo)).toBe(1);
  });

  it("about a contact goes to Pagsmile's own address, which is closed unless a token is configured", async () => {
    const answer = await fetch(`${server.url}/callbacks/pagsmile/events/${"x".repeat(24)}`, {
      method: "POST",
      body: "{}",
    });
    expect(answer.status).toBe(404);
  });
});
