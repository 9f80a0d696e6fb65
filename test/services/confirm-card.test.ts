import { describe, expect, it } from "vitest";
import type { CardOrder } from "../../src/domain/order.js";
import type { DueOrder } from "../../src/domain/order-store.js";
import { confirmClaim, readCard } from "../../src/services/confirm-card.js";
import { fresh } from "../store/stores.js";
import { providerError } from "./scripted-provider.js";
import { onStage } from "./stage.js";

const stage = onStage();

function due(order: CardOrder, providerCardId: string | null = null): DueOrder {
  const claims = { claimedCardIds: [], hasMoreClaims: false, knownCardNamed: false } as const;
  return {
    order,
    providerCardId,
    cardStatus: null,
    ...claims,
    attempts: 1,
    waitedMs: 0,
    claim: "claim",
    claimedAt: "infinity",
  };
}

describe("reading an order's own card", () => {
  it("asks nobody when none is known", async () => {
    const { parts, provider } = stage();
    expect(await readCard(parts, due(await stage().unconfirmed()), provider)).toBeNull();
    expect(provider.reads).toEqual([]);
  });

  it("asks with the address that the card was opened with, and takes over what the provider says", async () => {
    const { parts, provider } = stage();
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    provider.has(prv, { status: "ACTIVE" });
    const standing = await readCard(parts, due(order, prv), provider);
    expect(standing).toMatchObject({ order: { id: order.id, state: "COMPLETED" }, cardStatus: "ACTIVE" });
    expect(provider.reads).toEqual([{ providerCardId: prv, email: "leon@person.example" }]);
    expect(stage().moves).toEqual(["ACCEPTED > COMPLETED by poll"]);
    expect((await stage().historyOf(order)).at(-1)).toBe("poll");
  });

  it("ends the claims of the callbacks that named it", async () => {
    const { parts, provider } = stage();
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    await stage().callbackNames(order, prv);
    await stage().callbackNames(order, "prv-other");
    await readCard(parts, due(order, prv), provider);
    expect(await stage().verdictsOf(order)).toEqual(["BELIEVED", null]);
  });

  it("learns nothing when the provider does not answer, or cannot be asked", async () => {
    const { parts, provider } = stage();
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    await stage().callbackNames(order, prv);
    provider.cards.set(prv, providerError("outcome_unknown"));
    expect(await readCard(parts, due(order, prv), provider)).toBeNull();
    delete provider.readCard;
    expect(await readCard(parts, due(order, prv), provider)).toBeNull();
    expect(await stage().verdictsOf(order)).toEqual([null]);
    expect(stage().journal).toEqual([]);
  });

  it("lets a fault of this server be seen", async () => {
    const { parts, provider } = stage();
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    provider.cards.set(prv, new TypeError("a fault of this server"));
    await expect(readCard(parts, due(order, prv), provider)).rejects.toThrow(TypeError);
  });
});

describe("a callback's claim on a card", () => {
  const confirmed = (outcome: string) => ({ event: "callback_confirmation", provider: "PREPAIDIFY", outcome });

  it("is believed when the provider's own description fits the order", async () => {
    const { parts, provider, journal } = stage();
    const order = await stage().unconfirmed();
    const prv = fresh("prv");
    provider.has(prv, { status: "ACTIVE" });
    await stage().callbackNames(order, prv);
    const standing = await confirmClaim(parts, due(order), provider, prv);
    expect(standing).toMatchObject({ order: { id: order.id, state: "COMPLETED" }, cardStatus: "ACTIVE" });
    expect(provider.reads).toEqual([{ providerCardId: prv, email: "leon@person.example" }]);
    expect(await stage().verdictsOf(order)).toEqual(["BELIEVED"]);
    expect(stage().moves).toEqual(["UNCONFIRMED > COMPLETED by callback"]);
    expect(journal.at(-1)).toEqual(confirmed("settled"));
  });

  it("is not believed when the card does not fit, and the order stays as it was", async () => {
    const { parts, provider, journal } = stage();
    const order = await stage().unconfirmed();
    const prv = fresh("prv");
    provider.has(prv, { status: "ACTIVE", depositMinor: 1 });
    await stage().callbackNames(order, prv);
    const standing = await confirmClaim(parts, due(order), provider, prv);
    expect(standing).toEqual({ order: expect.objectContaining({ state: "UNCONFIRMED" }), cardStatus: null });
    expect(await stage().verdictsOf(order)).toEqual(["NOT_BELIEVED"]);
    expect(journal).toEqual([confirmed("not_believed")]);
  });

  it("is not believed when the card is another order's", async () => {
    const { parts, provider } = stage();
    const prv = fresh("prv");
    await stage().withCard("ACTIVE", prv);
    const order = await stage().unconfirmed();
    await stage().callbackNames(order, prv);
    expect((await confirmClaim(parts, due(order), provider, prv))?.order.state).toBe("UNCONFIRMED");
    expect(await stage().verdictsOf(order)).toEqual(["NOT_BELIEVED"]);
  });

  it("on a second card that fits is for a person, and takes nobody's place", async () => {
    const { parts, provider, journal } = stage();
    const [prv, second] = [fresh("prv"), fresh("prv")];
    const order = await stage().withCard("ACTIVE", prv);
    provider.has(second, { status: "ACTIVE" });
    await stage().callbackNames(order, second);
    const standing = await confirmClaim(parts, due(order, prv), provider, second);
    expect(standing?.order).toMatchObject({ state: "NEEDS_REVIEW", reviewReason: "CARD_MISMATCH" });
    expect(await stage().verdictsOf(order)).toEqual(["NOT_BELIEVED"]);
    expect(journal.at(-1)).toEqual(confirmed("not_believed"));
  });

  it("stays open when the provider does not say", async () => {
    const { parts, provider, journal } = stage();
    const order = await stage().unconfirmed();
    const prv = fresh("prv");
    await stage().callbackNames(order, prv);
    expect(await confirmClaim(parts, due(order), provider, prv)).toBeNull();
    expect(await stage().verdictsOf(order)).toEqual([null]);
    expect(journal).toEqual([confirmed("postponed")]);
  });
});
