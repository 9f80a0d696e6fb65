import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CardStatus } from "../../src/domain/card-status.js";
import { type DuePolicy, nextLookMs, pollDelayMs } from "../../src/domain/due-policy.js";
import type { OrderState } from "../../src/domain/order.js";

const policy = (random: number): DuePolicy => ({
  scheduleMs: [5_000, 15_000, 60_000, 300_000],
  reviewAfterMs: 86_400_000,
  followMs: 21_600_000,
  random: () => random,
});

describe("the delay before the next poll", () => {
  it.each([
    [0, 5_000],
    [1, 15_000],
    [2, 60_000],
    [3, 300_000],
    [4, 300_000],
    [10_000, 300_000],
  ])("after %d polls is %d ms, the last one repeating", (attempts, delayMs) => {
    expect(pollDelayMs(policy(0.5), attempts)).toBe(delayMs);
  });

  it("is spread by a tenth either way, in whole milliseconds", () => {
    expect(pollDelayMs(policy(0), 0)).toBe(4_500);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(9), (random, attempts) => {
        const delayMs = pollDelayMs(policy(random), attempts);
        const base = pollDelayMs(policy(0.5), attempts);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(Math.abs(delayMs - base)).toBeLessThanOrEqual(base / 10);
      }),
    );
  });
});

describe("when an order is looked at next", () => {
  const look = (state: OrderState, cardStatus: CardStatus | null = null, attempts = 0, followMs = 21_600_000) =>
    nextLookMs({ ...policy(0.5), followMs }, { state, cardStatus, attempts });

  it.each(["INTENT", "UNCONFIRMED", "ACCEPTED"] as const)("by the schedule while it is %s", (state) => {
    expect([look(state), look(state, null, 2), look(state, "INIT", 9)]).toEqual([5_000, 60_000, 300_000]);
  });

  it.each(["SENDING", "FAILED"] as const)("never by itself while it is %s", (state) => {
    expect([look(state), look(state, "ACTIVE")]).toEqual([null, null]);
  });

  it.each([
    ["ACTIVE", 21_600_000],
    ["FREEZE", 21_600_000],
    ["CANCELLING", 21_600_000],
    ["UNRECOGNIZED", 21_600_000],
    ["CANCELED", null],
    ["DELETED", null],
    ["EXPIRED", null],
    ["CREATE_CARD_FAILED_REFUND", null],
  ] as const)("once it is COMPLETED at a slow pace until its card is closed: %s", (status, delayMs) => {
    expect(look("COMPLETED", status)).toBe(delayMs);
  });

  it("never again once it is COMPLETED, where cards are not followed", () => {
    expect(look("COMPLETED", "ACTIVE", 0, 0)).toBeNull();
  });

  it("is spread by a tenth either way where cards are followed", () => {
    expect(nextLookMs(policy(0), { state: "COMPLETED", cardStatus: "ACTIVE", attempts: 0 })).toBe(19_440_000);
  });

  it("in review only for the sake of its card: soon while that is opening, seldom once it is open", () => {
    expect(look("NEEDS_REVIEW")).toBeNull();
    expect([look("NEEDS_REVIEW", "INIT"), look("NEEDS_REVIEW", "UNRECOGNIZED", 9)]).toEqual([5_000, 300_000]);
    expect(look("NEEDS_REVIEW", "ACTIVE")).toBe(21_600_000);
    expect(look("NEEDS_REVIEW", "CANCELED")).toBeNull();
  });
});
