import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DuePolicy, dueAfterMoveMs, pollDelayMs } from "../../src/domain/due-policy.js";
import { ORDER_STATES, type OrderState } from "../../src/domain/order.js";

const policy = (random: number): DuePolicy => ({
  scheduleMs: [5_000, 15_000, 60_000, 300_000],
  reviewAfterMs: 86_400_000,
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

describe("when an order is due after it moved", () => {
  const DUE: Readonly<Record<OrderState, number | null>> = {
    INTENT: 5_000,
    SENDING: null,
    UNCONFIRMED: 86_400_000,
    ACCEPTED: 5_000,
    COMPLETED: null,
    FAILED: null,
    NEEDS_REVIEW: null,
  };

  it.each(ORDER_STATES)("to %s", (state) => expect(dueAfterMoveMs(policy(0.5), state)).toBe(DUE[state]));
});
