import { describe, expect, it } from "vitest";
import { ReconcileOrders } from "../../src/services/reconcile-orders.js";
import { snapshot } from "../domain/order-facts.js";
import { fresh } from "../store/stores.js";
import { providerError } from "./scripted-provider.js";
import { about, onStage, TIMEOUT_MS } from "./stage.js";

const DAY_MS = 86_400_000;
const stage = onStage();

describe("taking up what is due", () => {
  it("does nothing when nothing is", async () => {
    await stage().run("update card_orders set next_at = null");
    expect(await stage().reconcile.runOnce("under_way")).toBe(0);
  });

  it("claims two orders at a time, for as long as their calls may take", async () => {
    const made = [await stage().intent(), await stage().intent(), await stage().intent()];
    await stage().run("update card_orders set next_at = null");
    const ids = made.map(({ id }) => `'${id}'`).join(",");
    await stage().run(`update card_orders set next_at = now() where id in (${ids})`);
    const { reconcile, claimsMs } = stage();
    expect([await reconcile.runOnce("under_way"), await reconcile.runOnce("under_way")]).toEqual([2, 1]);
    // A full hand may mean that more is due: others are called to help.
    expect(stage().backlogs).toBe(1);
    expect(claimsMs).toEqual([5 * TIMEOUT_MS + 15_000, 5 * TIMEOUT_MS + 15_000]);
  });

  it("tells what kept one order from being taken up, and takes up the others all the same", async () => {
    const [ill, well] = [fresh("prv"), fresh("prv")];
    const orders = [await stage().withCard("INIT", ill), await stage().withCard("INIT", well)];
    const { provider, errors } = stage();
    provider.cards.set(ill, new TypeError("a fault of this server"));
    provider.has(well, { status: "ACTIVE" });
    await stage().run("update card_orders set next_at = null");
    const ids = orders.map(({ id }) => `'${id}'`).join(",");
    await stage().run(`update card_orders set next_at = now() where id in (${ids})`);
    expect(await stage().reconcile.runOnce("under_way")).toBe(2);
    expect(errors).toEqual([expect.any(TypeError)]);
    expect(await Promise.all(orders.map(async ({ id }) => (await stage().lineOf(id)).state))).toEqual([
      "ACCEPTED",
      "COMPLETED",
    ]);
  });
});

describe("an order of the provider's other mode", () => {
  it("is left as it is, even if the queue should hand it out", async () => {
    const { queue, errors, provider } = stage();
    const order = await stage().intent({ mode: "SANDBOX" });
    const served = [{ code: "PREPAIDIFY", mode: "SANDBOX" }] as const;
    const claimDue: typeof queue.claimDue = (_served, ...rest) => queue.claimDue(served, ...rest);
    const reconcile = new ReconcileOrders({ ...stage().parts, queue: { ...queue, claimDue } });
    await stage().run(`update card_orders set next_at = now() where id = '${order.id}'`);
    await reconcile.runOnce("under_way");
    expect(errors).toMatchObject([{ message: expect.stringContaining("another mode") }]);
    expect(await stage().lineOf(order.id)).toMatchObject({ state: "INTENT", sends: 0 });
    expect(provider.created).toEqual([]);
  });
});

describe("an order that was being sent when its process died", () => {
  it("is unconfirmed, because nobody knows what came of it", async () => {
    const line = await stage().takeUp(await stage().sending());
    expect(line).toMatchObject({ state: "UNCONFIRMED", sends: 1, lease_s: null });
    expect(stage().moves).toEqual(["SENDING > UNCONFIRMED by lease_expired"]);
    expect(stage().provider.created).toEqual([]);
    expect(line.due_s).toBeGreaterThan(0);
  });

  it("is taken up again at once when a callback has named its card", async () => {
    const order = await stage().sending();
    await stage().callbackNames(order, fresh("prv"));
    expect(await stage().takeUp(order)).toMatchObject({ state: "UNCONFIRMED", due_s: about(0) });
  });

  it("is not hurried by a callback that names no card", async () => {
    const order = await stage().sending();
    await stage().callbackNames(order, null);
    expect(await stage().takeUp(order)).toMatchObject({ state: "UNCONFIRMED", due_s: about(15) });
  });
});

describe("an intent that nobody has sent", () => {
  it("is sent", async () => {
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv") });
    expect(await stage().takeUp(await stage().intent())).toMatchObject({
      state: "ACCEPTED",
      sends: 1,
      due_s: about(5),
    });
    expect(provider.created).toHaveLength(1);
  });

  it("that still cannot be sent is tried again ever more seldom", async () => {
    stage().provider.answer = () => providerError("unavailable");
    const order = await stage().intent();
    expect(await stage().takeUp(order)).toMatchObject({ state: "INTENT", attempts: 1, due_s: about(15) });
    expect(await stage().takeUp(order, { attempts: 2 })).toMatchObject({
      state: "INTENT",
      attempts: 3,
      due_s: about(300),
    });
  });

  it("is given up after a day, with nothing spent, and not a moment earlier", async () => {
    const { provider } = stage();
    provider.answer = () => providerError("unavailable");
    const order = await stage().intent();
    expect(await stage().takeUp(order, { waitedMs: DAY_MS - 1 })).toMatchObject({ state: "INTENT" });
    expect(provider.created).toHaveLength(1);
    const line = await stage().takeUp(order, { waitedMs: DAY_MS });
    expect(line).toMatchObject({ state: "FAILED", failure_code: "PROVIDER_UNAVAILABLE", due_s: null });
    expect(provider.created).toHaveLength(1);
    expect(stage().moves.at(-1)).toBe("INTENT > FAILED by never_sent");
  });

  it("is neither sent nor given up while a callback's claim on a card for it is open", async () => {
    const order = await stage().intent();
    await stage().callbackNames(order, fresh("prv"));
    expect(await stage().takeUp(order, { waitedMs: 2 * DAY_MS })).toMatchObject({ state: "INTENT", due_s: about(15) });
    expect(stage().provider.created).toEqual([]);
  });

  it("is not kept for ever by a claim that nobody answers: it is sent in time, or given up after a day", async () => {
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv") });
    const [young, old] = [await stage().intent(), await stage().intent()];
    for (const order of [young, old]) await stage().callbackNames(order, fresh("prv"));
    expect(await stage().takeUp(young, { attempts: 8 })).toMatchObject({ state: "INTENT", attempts: 9 });
    expect(provider.created).toEqual([]);
    expect(await stage().takeUp(young, { attempts: 9 })).toMatchObject({ state: "ACCEPTED", sends: 1 });
    expect(provider.created).toHaveLength(1);
    const line = await stage().takeUp(old, { attempts: 9, waitedMs: DAY_MS });
    expect(line).toMatchObject({ state: "FAILED", failure_code: "PROVIDER_UNAVAILABLE" });
    expect(provider.created).toHaveLength(1);
  });
});

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
