import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMoney } from "../../src/domain/money.js";

const usd = (amountMinor: number): string => formatMoney({ amountMinor, currency: "USD" });

describe("an amount as text", () => {
  it.each([
    [0, "0.00"],
    [1, "0.01"],
    [9, "0.09"],
    [10, "0.10"],
    [99, "0.99"],
    [100, "1.00"],
    [1_000, "10.00"],
    [500_000, "5000.00"],
    [-5, "-0.05"],
    [-12_345, "-123.45"],
    [Number.MAX_SAFE_INTEGER, "90071992547409.91"],
    [Number.MIN_SAFE_INTEGER, "-90071992547409.91"],
  ])("of %d minor units is %s", (amountMinor, text) => expect(usd(amountMinor)).toBe(text));

  it("has two digits after the point for a currency that is not listed", () => {
    expect(formatMoney({ amountMinor: 7, currency: "HKD" })).toBe("0.07");
  });

  it("never rounds: its digits are the amount's digits", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amountMinor) => {
        const text = usd(amountMinor);
        expect(text).toMatch(/^-?(0|[1-9]\d*)\.\d\d$/);
        expect(BigInt(text.replace(".", ""))).toBe(BigInt(amountMinor));
      }),
    );
  });
});
