import { describe, expect, it } from "vitest";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
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
    // A full hand may mean that more is due: others are called to help.
    expect([await reconcile.runOnce("under_way"), stage().backlogs]).toEqual([2, 1]);
    expect([await reconcile.runOnce("under_way"), stage().backlogs]).toEqual([1, 1]);
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

describe("an order that could not be finished with", () => {
  /** Takes it up over a store that fails to write what was learnt, and says how it is left. */
  async function takenUpBut(failure: Error) {
    const { parts, orders, errors } = stage();
    const broken = Object.assign(Object.create(orders) as typeof orders, { apply: () => Promise.reject(failure) });
    const order = await stage().sending();
    await stage().run(`update card_orders set lease_until = null,
      next_at = case when id = '${order.id}' then now() - interval '1 minute' end`);
    expect(await new ReconcileOrders({ ...parts, orders: broken }).runOnce("under_way")).toBe(1);
    expect(errors).toEqual([failure]);
    return stage().lineOf(order.id);
  }

  it("because the database went away is given back, and due again as soon as that is back", async () => {
    const line = await takenUpBut(new StoreUnavailable("unreachable"));
    expect(line).toMatchObject({ state: "SENDING", lease_s: null, due_s: about(0) });
  });

  it("for any other reason stays claimed for a while, so that it does not fail over and over", async () => {
    const line = await takenUpBut(new Error("planted"));
    expect(line).toMatchObject({ state: "SENDING", lease_s: about(65) });
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

  it("is given back when this process sends no more, and is due again soon", async () => {
    const order = await stage().intent();
    await stage().sendOrder.stop();
    const line = await stage().takeUp(order);
    expect(line).toMatchObject({ state: "INTENT", sends: 0, lease_s: null, due_s: about(15) });
    expect(stage().provider.created).toEqual([]);
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
