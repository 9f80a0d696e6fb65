import { describe, expect, it } from "vitest";
import { ReconcileOrders } from "../../src/services/reconcile-orders.js";
import { snapshot } from "../domain/order-facts.js";
import { fresh } from "../store/stores.js";
import { providerError } from "./scripted-provider.js";
import { about, onStage } from "./stage.js";

const DAY_MS = 86_400_000;
const stage = onStage();

describe("an unconfirmed order", () => {
  it("is settled by the card that a callback named, once the provider describes it", async () => {
    const order = await stage().unconfirmed();
    const prv = fresh("prv");
    stage().provider.has(prv, { status: "ACTIVE" });
    await stage().callbackNames(order, prv);
    expect(await stage().takeUp(order)).toMatchObject({ state: "COMPLETED", lease_s: null });
    expect(stage().moves).toEqual(["UNCONFIRMED > COMPLETED by callback"]);
  });

  it("asks about every card that callbacks named", async () => {
    const order = await stage().unconfirmed();
    const [wrong, right] = [fresh("prv"), fresh("prv")];
    stage().provider.has(wrong, { status: "ACTIVE", depositMinor: 1 });
    stage().provider.has(right, { status: "ACTIVE" });
    for (const prv of [wrong, right]) await stage().callbackNames(order, prv);
    expect(await stage().takeUp(order)).toMatchObject({ state: "COMPLETED" });
    expect(await stage().verdictsOf(order)).toEqual(["NOT_BELIEVED", "BELIEVED"]);
  });

  it("asks about three cards at a time, and about the others soon", async () => {
    const order = await stage().unconfirmed();
    const wrong = [fresh("prv"), fresh("prv"), fresh("prv"), fresh("prv")];
    for (const prv of wrong) {
      stage().provider.has(prv, { status: "ACTIVE", depositMinor: 1 });
      await stage().callbackNames(order, prv);
    }
    expect(await stage().takeUp(order)).toMatchObject({ state: "UNCONFIRMED", due_s: about(15) });
    expect(stage().provider.reads).toHaveLength(3);
    expect(await stage().takeUp(order)).toMatchObject({ state: "UNCONFIRMED", due_s: about(86_340) });
    expect(
      stage()
        .provider.reads.map(({ providerCardId }) => providerCardId)
        .sort(),
    ).toEqual(wrong.sort());
  });

  it("that is settled by one card is looked at again soon when the provider says nothing of another", async () => {
    const order = await stage().unconfirmed();
    const [silent, right] = [fresh("prv"), fresh("prv")];
    stage().provider.has(right, { status: "ACTIVE" });
    for (const prv of [silent, right]) await stage().callbackNames(order, prv);
    expect(await stage().takeUp(order)).toMatchObject({ state: "COMPLETED", due_s: about(5), lease_s: null });
  });

  it("is left alone until it has waited long enough when there is nothing to ask about", async () => {
    const order = await stage().unconfirmed();
    const line = await stage().takeUp(order, { waitedMs: DAY_MS - 3_600_000 });
    expect(line).toMatchObject({ state: "UNCONFIRMED", due_s: about(3_600) });
    expect(stage().provider.reads).toEqual([]);
  });

  it("asks again soon about a card that the provider does not describe yet, or when its wait ends", async () => {
    const order = await stage().unconfirmed();
    await stage().callbackNames(order, fresh("prv"));
    expect(await stage().takeUp(order)).toMatchObject({ state: "UNCONFIRMED", due_s: about(15) });
    expect(await stage().takeUp(order, { waitedMs: DAY_MS - 8_000 })).toMatchObject({ due_s: about(8) });
  });

  it("is for a person after a day, and not a moment earlier", async () => {
    const order = await stage().unconfirmed();
    expect(await stage().takeUp(order, { waitedMs: DAY_MS - 1 })).toMatchObject({ state: "UNCONFIRMED" });
    const line = await stage().takeUp(order, { waitedMs: DAY_MS });
    expect(line).toMatchObject({ state: "NEEDS_REVIEW", review_reason: "NO_EVIDENCE", due_s: null });
    expect(stage().moves).toEqual(["UNCONFIRMED > NEEDS_REVIEW by waited_too_long", "review: NO_EVIDENCE"]);
  });

  it("is not for a person when the news comes at the last moment", async () => {
    const order = await stage().unconfirmed();
    const prv = fresh("prv");
    stage().provider.has(prv, { status: "INIT" });
    await stage().callbackNames(order, prv);
    expect(await stage().takeUp(order, { waitedMs: 2 * DAY_MS })).toMatchObject({ state: "ACCEPTED", due_s: about(5) });
  });

  it("is sent again only where the provider refuses a number that it has", async () => {
    const { provider } = stage();
    const order = await stage().unconfirmed();
    await stage().takeUp(order);
    expect(provider.created).toEqual([]);
    provider.refusesRepeatedOrderNo = true;
    provider.answer = () => providerError("conflict");
    expect(await stage().takeUp(order)).toMatchObject({ state: "ACCEPTED", sends: 2 });
    expect(provider.created).toMatchObject([{ orderNo: order.orderNo }]);
  });

  it("that is sent again without a clear answer is taken up ever more seldom", async () => {
    stage().provider.refusesRepeatedOrderNo = true;
    const order = await stage().unconfirmed();
    expect(await stage().takeUp(order, { attempts: 1 })).toMatchObject({
      state: "UNCONFIRMED",
      sends: 2,
      attempts: 2,
      due_s: about(60),
      lease_s: null,
    });
  });

  it("that somebody settled while it was to be sent again keeps the time that this gave it", async () => {
    const { provider, orders, sendOrder } = stage();
    provider.refusesRepeatedOrderNo = true;
    const order = await stage().unconfirmed();
    const card = snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    const resend = async (...args: Parameters<typeof sendOrder.resend>) => {
      await orders.apply(order.id, { kind: "card", source: "callback", card });
      return sendOrder.resend(...args);
    };
    const late = Object.assign(Object.create(sendOrder) as typeof sendOrder, { resend });
    const reconcile = new ReconcileOrders({ ...stage().parts, sendOrder: late });
    await stage().run(`update card_orders set next_at = case when id = '${order.id}' then now() end`);
    await reconcile.runOnce("under_way");
    expect(await stage().lineOf(order.id)).toMatchObject({ state: "COMPLETED", due_s: about(21_600), lease_s: null });
    expect(provider.created).toEqual([]);
  });

  it("is not sent again once it has waited too long", async () => {
    stage().provider.refusesRepeatedOrderNo = true;
    expect(await stage().takeUp(await stage().unconfirmed(), { waitedMs: DAY_MS })).toMatchObject({
      state: "NEEDS_REVIEW",
      sends: 1,
    });
  });
});

describe("an order in review that has no card", () => {
  const inReview = async () => {
    const order = await stage().unconfirmed();
    expect(await stage().takeUp(order, { waitedMs: DAY_MS })).toMatchObject({ state: "NEEDS_REVIEW", due_s: null });
    return order;
  };

  it("asks about the card that a callback names for as long as the provider says nothing of it", async () => {
    const order = await inReview();
    await stage().callbackNames(order, fresh("prv"));
    const waited = { waitedMs: 2 * DAY_MS };
    expect(await stage().takeUp(order, waited)).toMatchObject({ attempts: 1, due_s: about(15) });
    expect(await stage().takeUp(order, { ...waited, attempts: 20 })).toMatchObject({ attempts: 21, due_s: about(300) });
  });

  it("is left alone when nothing is asked about", async () => {
    expect(await stage().takeUp(await inReview(), { waitedMs: 2 * DAY_MS })).toMatchObject({ due_s: null });
  });
});
