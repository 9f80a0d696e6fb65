import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAmount, fractionDigits, parseAmount } from "../../examples/web/src/money.js";

describe("an amount as it is shown", () => {
  it.each([
    [1_000, "USD", "en", "$10.00"],
    [5, "USD", "en", "$0.05"],
    [0, "USD", "en", "$0.00"],
    [-250, "USD", "en", "-$2.50"],
    [123_456_789, "USD", "en", "$1,234,567.89"],
    [1_000, "JPY", "en", "¥1,000"],
    [1_000, "KWD", "en", "KWD\u00a01.000"],
    [123_450, "EUR", "de", "1.234,50\u00a0€"],
    [Number.MAX_SAFE_INTEGER, "USD", "en", "$90,071,992,547,409.91"],
  ])("of %d in %s is, in %s, %s", (amountMinor, currency, locale, text) => {
    expect(formatAmount({ amountMinor, currency }, locale)).toBe(text);
  });

  it("has as many digits behind its point as its currency", () => {
    expect(["USD", "JPY", "KWD"].map(fractionDigits)).toEqual([2, 0, 3]);
  });
});

describe("an amount as it is typed", () => {
  it.each([
    ["10", "USD", "en", 1_000],
    [" 10.5 ", "USD", "en", 1_050],
    ["10.", "USD", "en", 1_000],
    ["0.05", "USD", "en", 5],
    ["19.99", "USD", "en", 1_999],
    ["1.005", "KWD", "en", 1_005],
    ["1000", "JPY", "en", 1_000],
    ["10,50", "EUR", "de", 1_050],
    ["90071992547409.91", "USD", "en", Number.MAX_SAFE_INTEGER],
  ])("%j in %s and %s is %d minor units", (text, currency, locale, amountMinor) => {
    expect(parseAmount(text, currency, locale)).toBe(amountMinor);
  });

  it.each([
    ["", "USD", "en"],
    [".5", "USD", "en"],
    ["10.005", "USD", "en"],
    ["1.5", "JPY", "en"],
    ["1,000", "USD", "en"],
    ["1.000", "EUR", "de"],
    ["1.2.3", "USD", "en"],
    ["-5", "USD", "en"],
    ["1e3", "USD", "en"],
    ["ten", "USD", "en"],
    ["٣", "USD", "en"],
    ["90071992547409.92", "USD", "en"],
  ])("%j is no amount in %s and %s", (text, currency, locale) => {
    expect(parseAmount(text, currency, locale)).toBeNull();
  });

  it("is read back as it was shown, whatever the amount", () => {
    const amounts = fc.tuple(fc.maxSafeNat(), fc.constantFrom("USD", "JPY", "KWD"));
    fc.assert(
      fc.property(amounts, ([amountMinor, currency]) => {
        const shown = formatAmount({ amountMinor, currency }, "en").replace(/[^\d.]/g, "");
        expect(parseAmount(shown, currency, "en")).toBe(amountMinor);
      }),
    );
  });
});
