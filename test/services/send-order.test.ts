import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ProviderErrorKind } from "../../src/domain/provider-error.js";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { mayResend, SendOrder } from "../../src/services/send-order.js";
import { snapshot } from "../domain/order-facts.js";
import { fresh } from "../store/stores.js";
import { providerError } from "./scripted-provider.js";
import { about, onStage } from "./stage.js";

const stage = onStage();

describe("sending an order", () => {
  it("is committed, with a lease that outlasts the call, before the provider is called", async () => {
    const { provider, sendOrder, orders } = stage();
    const order = await stage().intent();
    const during: unknown[] = [];
    provider.answer = async () => {
      during.push(await stage().lineOf(order.id), await orders.isSending("PREPAIDIFY", order.orderNo));
      return snapshot({ providerCardId: fresh("prv") });
    };
    await sendOrder.send(order, provider);
    expect(during).toMatchObject([{ state: "SENDING", sends: 1, lease_s: about(25), due_s: about(25) }, true]);
  });

  it("tells the provider what was ordered, all of it, and of the caller's own address nothing", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().intent();
    await sendOrder.send(order, provider);
    const { orderNo, callbackToken, request } = order;
    const { callbackUrl, ...ordered } = request;
    expect(callbackUrl).not.toBeNull();
    expect(provider.created).toEqual([{ orderNo, callbackToken, ...ordered }]);
  });

  it("that is answered by a card takes the order on, and the operator is told", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().intent();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    const applied = await sendOrder.send(order, provider);
    expect(applied).toMatchObject({ order: { state: "COMPLETED" }, card: { status: "ACTIVE" }, from: "SENDING" });
    expect(await stage().historyOf(order)).toEqual(["placed", "sending", "answer"]);
    expect(stage().journal).toEqual([
      { event: "order_moved", orderId: order.id, from: "SENDING", to: "COMPLETED", evidence: "answer" },
    ]);
  });

  it.each([
    ["rejected", "FAILED", "refused"],
    ["credentials", "FAILED", "refused"],
    ["unavailable", "INTENT", "not_sent"],
    ["not_found", "UNCONFIRMED", "unclear"],
    ["conflict", "UNCONFIRMED", "unclear"],
    ["rate_limited", "UNCONFIRMED", "unclear"],
    ["outcome_unknown", "UNCONFIRMED", "unclear"],
    ["malformed", "UNCONFIRMED", "unclear"],
  ] as const satisfies readonly (readonly [
    ProviderErrorKind,
    ...unknown[],
  ])[])("that ends as %s leaves the order %s", async (kind, state, evidence) => {
    const { provider, sendOrder } = stage();
    provider.answer = () => providerError(kind);
    const applied = await sendOrder.send(await stage().intent(), provider);
    expect(applied?.order).toMatchObject({ state, sends: kind === "unavailable" ? 0 : 1, mayResend: true });
    expect(stage().moves).toEqual([`SENDING > ${state} by ${evidence}`]);
  });

  it("that ends in an error of our own leaves the order unconfirmed", async () => {
    const { provider, sendOrder } = stage();
    for (const parts of [{}, { kind: "unavailable" }, { kind: "rejected" }]) {
      provider.answer = () => Object.assign(new TypeError("a fault of this server"), parts);
      expect((await sendOrder.send(await stage().intent(), provider))?.order.state).toBe("UNCONFIRMED");
    }
  });

  it("that the provider turns down for having the number proves nothing, and is never repeated", async () => {
    const { provider, sendOrder } = stage();
    provider.refusesRepeatedOrderNo = true;
    provider.answer = () => providerError("conflict");
    const applied = await sendOrder.send(await stage().intent(), provider);
    expect(applied?.order).toMatchObject({ state: "UNCONFIRMED", mayResend: false });
    expect(stage().moves).toEqual(["SENDING > UNCONFIRMED by taken"]);
  });

  it("to a provider that opens no cards does not happen", async () => {
    const { provider, sendOrder } = stage();
    delete provider.createVirtualCard;
    expect((await sendOrder.send(await stage().intent(), provider))?.order).toMatchObject({
      state: "INTENT",
      sends: 0,
    });
  });

  it("happens once: whoever comes second neither calls the provider nor changes anything", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().intent();
    const both = await Promise.all([sendOrder.send(order, provider), sendOrder.send(order, provider)]);
    expect(both.filter((applied) => applied === null)).toHaveLength(1);
    expect(provider.created).toHaveLength(1);
  });

  it("that is answered after a callback has told more changes nothing, and nobody is told", async () => {
    const { provider, sendOrder, orders } = stage();
    const order = await stage().intent();
    const card = snapshot({ providerCardId: fresh("prv") });
    provider.answer = async () => {
      await orders.apply(order.id, { kind: "card", source: "callback", card: { ...card, status: "ACTIVE" } });
      return card;
    };
    expect(await sendOrder.send(order, provider)).toMatchObject({ changed: false, order: { state: "COMPLETED" } });
    expect(stage().journal).toEqual([]);
  });

  it("that is answered by a card that does not fit calls a person", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().intent();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE", depositMinor: 1 });
    expect((await sendOrder.send(order, provider))?.order.state).toBe("NEEDS_REVIEW");
    expect(stage().moves).toEqual(["SENDING > NEEDS_REVIEW by answer", "review: CARD_MISMATCH"]);
    expect(stage().journal.at(-1)).toMatchObject({ orderId: order.id });
  });
});

describe("an answer that cannot be written", () => {
  /** Sends over a store that fails in one way to write answers, for as long as the test says. */
  function overBrokenStore(failure: Error, holdMs = 60_000) {
    const { parts, orders } = stage();
    const errors: unknown[] = [];
    const store = { broken: true, attempts: 0 };
    const broken = Object.assign(Object.create(orders) as typeof orders, {
      startSending: orders.startSending.bind(orders),
      apply: async (...given: Parameters<typeof orders.apply>) => {
        store.attempts += 1;
        if (store.broken) throw failure;
        return orders.apply(...given);
      },
    });
    const onError = (error: unknown): void => void errors.push(error);
    const answerTimes = { waitMs: 20, holdMs };
    const sendOrder = new SendOrder({ ...parts, orders: broken, onError, answerTimes });
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
    const { sendOrder, errors } = overBrokenStore(failure, 150);
    const { provider } = stage();
    await expect(sendOrder.send(await stage().intent(), provider)).rejects.toBe(failure);
    await vi.waitUntil(() => errors.length > 0);
    expect(errors).toEqual([failure]);
  });
});

describe("sending an unconfirmed order again", () => {
  it("happens only where the provider refuses a number that it has", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().unconfirmed();
    for (const refuses of [undefined, false]) {
      provider.refusesRepeatedOrderNo = refuses;
      expect(await sendOrder.resend(order, provider)).toBeNull();
    }
    expect(provider.created).toEqual([]);
    provider.refusesRepeatedOrderNo = true;
    expect((await sendOrder.resend(order, provider))?.order).toMatchObject({ state: "UNCONFIRMED", sends: 2 });
    expect(provider.created).toMatchObject([{ orderNo: order.orderNo, callbackToken: order.callbackToken }]);
  });

  it("happens seven times at most, and never once a person is needed to tell whose number it is", async () => {
    const { provider } = stage();
    const order = await stage().unconfirmed();
    provider.refusesRepeatedOrderNo = true;
    expect(mayResend({ ...order, sends: 7 }, provider)).toBe(true);
    expect(mayResend({ ...order, sends: 8 }, provider)).toBe(false);
    expect(mayResend({ ...order, mayResend: false }, provider)).toBe(false);
  });

  it("tells that the first call was taken when the provider turns it down for having the number", async () => {
    const { provider, sendOrder } = stage();
    provider.refusesRepeatedOrderNo = true;
    provider.answer = () => providerError("conflict");
    expect((await sendOrder.resend(await stage().unconfirmed(), provider))?.order.state).toBe("ACCEPTED");
    expect(stage().moves).toEqual(["SENDING > ACCEPTED by taken"]);
  });

  it("and being refused for another reason settles nothing: the first call may have been taken", async () => {
    const { provider, sendOrder } = stage();
    provider.refusesRepeatedOrderNo = true;
    provider.answer = () => providerError("rejected");
    expect((await sendOrder.resend(await stage().unconfirmed(), provider))?.order).toMatchObject({
      state: "UNCONFIRMED",
      failure: null,
    });
  });

  it("does not happen when the order has been settled meanwhile", async () => {
    const { provider, sendOrder, orders } = stage();
    const order = await stage().unconfirmed();
    provider.refusesRepeatedOrderNo = true;
    const card = snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    await orders.apply(order.id, { kind: "card", source: "callback", card });
    expect(await sendOrder.resend(order, provider)).toBeNull();
    expect(provider.created).toEqual([]);
  });
});
