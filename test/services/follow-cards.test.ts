import { describe, expect, it } from "vitest";
import { fresh } from "../store/stores.js";
import { about, onStage } from "./stage.js";

const DAY_MS = 86_400_000;
const stage = onStage();

describe("an accepted order", () => {
  it("is polled ever more seldom while its card is opening", async () => {
    const order = await stage().withCard("INIT", fresh("prv"));
    expect(await stage().takeUp(order)).toMatchObject({ state: "ACCEPTED", attempts: 1, due_s: about(15) });
    expect(await stage().takeUp(order, { attempts: 1 })).toMatchObject({ attempts: 2, due_s: about(60) });
    expect(stage().provider.reads).toHaveLength(2);
  });

  it("is completed by a poll, and its card is followed at a slow pace from then on", async () => {
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    stage().provider.has(prv, { status: "ACTIVE" });
    const line = await stage().takeUp(order, { attempts: 3 });
    expect(line).toMatchObject({ state: "COMPLETED", attempts: 0, due_s: about(21_600), lease_s: null });
  });

  it("is failed by a poll that says that the opening failed", async () => {
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    stage().provider.has(prv, { status: "CREATE_CARD_FAILED_REFUND", depositMinor: 0 });
    expect(await stage().takeUp(order)).toMatchObject({ state: "FAILED", failure_code: "CARD_CREATION_FAILED" });
  });

  it("is polled for the last time when its wait ends, and then is for a person", async () => {
    const order = await stage().withCard("INIT", fresh("prv"));
    expect(await stage().takeUp(order, { waitedMs: DAY_MS - 8_000 })).toMatchObject({
      state: "ACCEPTED",
      due_s: about(8),
    });
    const line = await stage().takeUp(order, { waitedMs: DAY_MS });
    expect(line).toMatchObject({ state: "NEEDS_REVIEW", review_reason: "NO_EVIDENCE", due_s: about(5) });
  });

  it("in review for want of evidence is polled on, and completed when its card opens", async () => {
    const prv = fresh("prv");
    const order = await stage().withCard("INIT", prv);
    await stage().takeUp(order, { waitedMs: DAY_MS });
    expect(await stage().takeUp(order, { waitedMs: DAY_MS })).toMatchObject({
      state: "NEEDS_REVIEW",
      due_s: about(15),
    });
    stage().provider.has(prv, { status: "ACTIVE" });
    expect(await stage().takeUp(order, { waitedMs: 3 * DAY_MS })).toMatchObject({ state: "COMPLETED" });
  });
});

describe("a completed order", () => {
  const settled = { pace: "settled", waitedMs: 3 * DAY_MS } as const;

  it("is looked at for as long as its card is open", async () => {
    const prv = fresh("prv");
    const order = await stage().withCard("ACTIVE", prv);
    // Also where unconfirmed orders are sent again: this one is not.
    stage().provider.refusesRepeatedOrderNo = true;
    expect(await stage().takeUp(order, settled)).toMatchObject({ state: "COMPLETED", due_s: about(21_600) });
    stage().provider.has(prv, { status: "CANCELED" });
    expect(await stage().takeUp(order, settled)).toMatchObject({ state: "COMPLETED", due_s: null, lease_s: null });
  });

  it("is looked at again when the provider did not say how its card stands", async () => {
    const prv = fresh("prv");
    const order = await stage().withCard("ACTIVE", prv);
    stage().provider.cards.delete(prv);
    expect(await stage().takeUp(order, settled)).toMatchObject({ state: "COMPLETED", due_s: about(21_600) });
  });

  it("is looked at again soon when a callback named its card, of which the provider said nothing", async () => {
    const prv = fresh("prv");
    const order = await stage().withCard("ACTIVE", prv);
    await stage().callbackNames(order, prv);
    stage().provider.cards.delete(prv);
    expect(await stage().takeUp(order, settled)).toMatchObject({ state: "COMPLETED", due_s: about(15) });
    expect(await stage().verdictsOf(order)).toEqual([null]);
    stage().provider.has(prv, { status: "ACTIVE" });
    expect(await stage().takeUp(order, settled)).toMatchObject({ state: "COMPLETED", due_s: about(21_600) });
    expect(await stage().verdictsOf(order)).toEqual(["BELIEVED"]);
  });

  it("is for a person when a callback names a second card that fits", async () => {
    const second = fresh("prv");
    const order = await stage().withCard("ACTIVE", fresh("prv"));
    stage().provider.has(second, { status: "ACTIVE" });
    await stage().callbackNames(order, second);
    expect(await stage().takeUp(order, settled)).toMatchObject({
      state: "NEEDS_REVIEW",
      review_reason: "CARD_MISMATCH",
    });
  });

  it("asks ten times about a card that nobody describes, and then no more often than about its own", async () => {
    const order = await stage().withCard("ACTIVE", fresh("prv"));
    await stage().callbackNames(order, fresh("prv"));
    expect(await stage().takeUp(order, settled)).toMatchObject({ attempts: 1, due_s: about(15) });
    expect(await stage().takeUp(order, { ...settled, attempts: 8 })).toMatchObject({ attempts: 9, due_s: about(300) });
    expect(await stage().takeUp(order, { ...settled, attempts: 9 })).toMatchObject({
      attempts: 10,
      due_s: about(21_600),
    });
  });
});

describe("an order whose card is closed", () => {
  it("is left alone for good, also while a claim on a card that nobody describes is open", async () => {
    const order = await stage().withCard("CANCELED", fresh("prv"));
    await stage().callbackNames(order, fresh("prv"));
    expect(await stage().takeUp(order, { pace: "settled", attempts: 9 })).toMatchObject({ due_s: null, lease_s: null });
  });
});
