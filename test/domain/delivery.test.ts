import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RETRY_DELAYS_MS, retryDelayMs, verdictOf } from "../../src/domain/delivery.js";

const HOUR_MS = 3_600_000;
const middle = (): number => 0.5;

describe("a delivery that failed", () => {
  const failed = { kind: "failed", reason: "refused by status", status: 500 } as const;

  it("is tried thirteen times in about three days, ever more seldom", () => {
    const delays: number[] = [];
    for (let attempts = 1; ; attempts++) {
      const verdict = verdictOf(failed, attempts, middle);
      if (verdict.state !== "PENDING") {
        expect(verdict).toEqual({ state: "GIVEN_UP" });
        break;
      }
      delays.push(verdict.retryInMs);
    }
    expect(delays).toEqual(RETRY_DELAYS_MS);
    expect(delays).toHaveLength(12);
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    expect(delays[0]).toBe(5_000);
    const totalMs = delays.reduce((sum, delayMs) => sum + delayMs);
    expect(totalMs).toBeGreaterThan(70 * HOUR_MS);
    expect(totalMs).toBeLessThan(74 * HOUR_MS);
  });

  it("is tried at a time that lies a tenth around its delay, so that many do not come at once", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, at) => {
          const base = RETRY_DELAYS_MS[attempts - 1] ?? 0;
          const delayMs = retryDelayMs(attempts, () => at) ?? 0;
          expect(delayMs).toBeGreaterThanOrEqual(0.9 * base - 1);
          expect(delayMs).toBeLessThanOrEqual(1.1 * base + 1);
        },
      ),
    );
    expect(retryDelayMs(1, () => 0)).toBe(4_500);
    expect(retryDelayMs(1, () => 0.999_999)).toBe(5_500);
  });
});

describe("a delivery that ended otherwise", () => {
  it.each([
    [{ kind: "delivered", status: 200 }, "DELIVERED"],
    [{ kind: "gone", status: 410 }, "GONE"],
    [{ kind: "refused_address" }, "REFUSED"],
  ] as const)("by %j is %s at once", (outcome, state) => {
    for (const attempts of [1, 13, 99]) expect(verdictOf(outcome, attempts, middle)).toEqual({ state });
  });
});
