import { describe, expect, it, vi } from "vitest";
import type { ProviderErrorKind } from "../../src/domain/provider-error.js";
import { mayResend } from "../../src/services/send-order.js";
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

describe("the answers that are outstanding", () => {
  it("are known while the provider works, each by its provider and its number, and not a moment longer", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().intent();
    const isCalling = (orderNo = order.orderNo) => sendOrder.isCalling("PREPAIDIFY", orderNo);
    const during: boolean[] = [];
    provider.answer = () => {
      during.push(isCalling(), isCalling("another-order"), sendOrder.isCalling("PAGSMILE", order.orderNo));
      return providerError("unavailable");
    };
    expect(isCalling()).toBe(false);
    await sendOrder.send(order, provider);
    expect(during).toEqual([true, false, false]);
    expect(isCalling()).toBe(false);
  });

  it("are waited for, every one of them, when no more is to be sent", async () => {
    const { provider, sendOrder } = stage();
    const orders = [await stage().intent(), await stage().intent()];
    const answers = new Map<string, () => void>();
    provider.answer = async ({ orderNo }) => {
      await new Promise<void>((resolve) => answers.set(orderNo, resolve));
      return snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    };
    const sent = orders.map((order) => sendOrder.send(order, provider));
    await vi.waitUntil(() => answers.size === 2, 10_000);
    const writtenAtTheEnd = sendOrder.stop().then(() => stage().moves.length);
    for (const [index, { orderNo }] of orders.entries()) {
      answers.get(orderNo)?.();
      await sent[index];
    }
    expect(await writtenAtTheEnd).toBe(2);
    expect(stage().moves).toEqual(Array(2).fill("SENDING > COMPLETED by answer"));
  });

  it("are not waited for when there are none, and nothing is sent any more: the order stands as it was", async () => {
    const { provider, sendOrder } = stage();
    const order = await stage().intent();
    await sendOrder.stop();
    expect(await sendOrder.send(order, provider)).toBeNull();
    expect(await stage().lineOf(order.id)).toMatchObject({ state: "INTENT", sends: 0, lease_s: null });
    expect(provider.created).toEqual([]);
  });
});

describe("an answer that names the card which a callback gave to another order", () => {
  it("calls a person to both, and the operator is told of both", async () => {
    const { provider, sendOrder, orders } = stage();
    const other = await stage().unconfirmed();
    const card = snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    await orders.apply(other.id, { kind: "card", source: "callback", card });
    const order = await stage().intent();
    provider.answer = () => card;
    await sendOrder.send(order, provider);
    const review = { event: "order_needs_review", reason: "CARD_MISMATCH" };
    const moved = { event: "order_moved", to: "NEEDS_REVIEW" };
    expect(stage().journal).toEqual([
      { ...moved, orderId: other.id, from: "COMPLETED", evidence: "contested" },
      { ...review, orderId: other.id },
      { ...moved, orderId: order.id, from: "SENDING", evidence: "answer" },
      { ...review, orderId: order.id },
    ]);
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
