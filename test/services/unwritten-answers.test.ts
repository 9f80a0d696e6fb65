import { describe, expect, it, onTestFinished, vi } from "vitest";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { SendOrder, type SendOrderParts } from "../../src/services/send-order.js";
import { snapshot } from "../domain/order-facts.js";
import { fresh } from "../store/stores.js";
import { onStage } from "./stage.js";

const stage = onStage();

describe("an answer that cannot be written", () => {
  const IMPATIENT = { answerTimes: { waitMs: 20, holdMs: 60_000 } };
  const AS_IN_SERVICE = {};

  /** Sends over a store that fails in one way to write answers, for as long as the test says. */
  function overBrokenStore(failure: Error, times: Pick<SendOrderParts, "answerTimes"> = IMPATIENT) {
    const { parts, orders } = stage();
    const errors: unknown[] = [];
    const store = { broken: true, attempts: 0 };
    const broken = Object.assign(Object.create(orders) as typeof orders, {
      startSending: orders.startSending.bind(orders),
      settle: async (...given: Parameters<typeof orders.settle>) => {
        store.attempts += 1;
        if (store.broken) throw failure;
        return orders.settle(...given);
      },
    });
    const onError = (error: unknown): void => void errors.push(error);
    const sendOrder = new SendOrder({ ...parts, orders: broken, onError, ...times });
    onTestFinished(() => {
      store.broken = false;
      return sendOrder.close();
    });
    return { sendOrder, store, errors };
  }

  it.each([
    ["the database is away", new StoreUnavailable("unreachable")],
    ["the database fails in a way that nobody foresaw", new Error("planted")],
  ])("while %s is written later, when the caller has long been told so", async (_why, failure) => {
    const { sendOrder, store, errors } = overBrokenStore(failure);
    const order = await stage().intent();
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    await expect(sendOrder.send(order, provider)).rejects.toBe(failure);
    expect((await stage().lineOf(order.id)).state).toBe("SENDING");
    await vi.waitUntil(() => store.attempts > 1);
    store.broken = false;
    await vi.waitUntil(async () => (await stage().lineOf(order.id)).state === "COMPLETED", 10_000);
    await vi.waitUntil(() => stage().moves.length > 0);
    expect(stage().moves).toEqual(["SENDING > COMPLETED by answer"]);
    expect(errors).toEqual([]);
  });

  it("at first, and soon after can, is the caller's all the same", async () => {
    const { sendOrder, store } = overBrokenStore(new StoreUnavailable("unreachable"), AS_IN_SERVICE);
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    const sent = sendOrder.send(await stage().intent(), provider);
    await vi.waitUntil(() => store.attempts > 0, 10_000);
    store.broken = false;
    expect(await sent).toMatchObject({ changed: true, order: { state: "COMPLETED" } });
  });

  it("is tried once more when the process ends, and waited for", async () => {
    const { sendOrder, store } = overBrokenStore(new StoreUnavailable("unreachable"));
    const order = await stage().intent();
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    await expect(sendOrder.send(order, provider)).rejects.toThrow(StoreUnavailable);
    store.broken = false;
    await sendOrder.close();
    expect((await stage().lineOf(order.id)).state).toBe("COMPLETED");
  });

  it("is given up in the end, and the operator is told why", async () => {
    const failure = new Error("planted");
    const { sendOrder, errors } = overBrokenStore(failure, { answerTimes: { waitMs: 20, holdMs: 150 } });
    const { provider } = stage();
    await expect(sendOrder.send(await stage().intent(), provider)).rejects.toBe(failure);
    await vi.waitUntil(() => errors.length > 0);
    expect(errors).toEqual([failure]);
  });
});
