import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCardNumber, passesLuhn, withoutCardNumbers } from "../../src/domain/card-number.js";

/** Test numbers of the networks, and made-up ones at the edges of their prefixes. */
const NUMBERS = [
  "4222222222222",
  "4111111111111111",
  "5555555555554444",
  withCheckDigit("222100000000000"),
  withCheckDigit("272099999999999"),
  "378282246310005",
  "343434343434343",
  "6011111111111117",
  withCheckDigit("650000000000000"),
  withCheckDigit("644000000000000"),
  "3530111333300000",
  withCheckDigit("62000000000000000"),
  withCheckDigit("620000000000000000"),
];

function withCheckDigit(digits: string): string {
  return digits + [..."0123456789"].find((digit) => passesLuhn(digits + digit));
}

function grouped(number: string, separator: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, `$1${separator}`);
}

const SEPARATORS = ["", " ", "-", ".", "_", "\u00a0", "\n", " - "];

describe("a card number", () => {
  it.each(NUMBERS)("%s is one in every spelling, and is taken out of any text", (number) => {
    for (const separator of SEPARATORS) {
      const form = grouped(number, separator);
      expect(isCardNumber(form)).toBe(true);
      expect(isCardNumber(` ${form} `)).toBe(true);
      expect(withoutCardNumbers(form)).toBe("[redacted]");
      expect(withoutCardNumbers(`card ${form}, please`)).toBe("card [redacted], please");
      expect(withoutCardNumbers(`pan${form}x`)).toBe("pan[redacted]x");
    }
  });

  it("is taken out wherever it stands, however its digits are parted", () => {
    const around = fc.constantFrom("", " ", "x", "é", ":", "/", "(");
    const parting = fc.infiniteStream(fc.constantFrom(...SEPARATORS));
    fc.assert(
      fc.property(fc.constantFrom(...NUMBERS), parting, around, around, (number, partings, before, after) => {
        const form = [...number].map((digit, at) => (at === 0 ? digit : partings.next().value + digit)).join("");
        expect(withoutCardNumbers(before + form + after)).toBe(`${before}[redacted]${after}`);
      }),
    );
  });

  it.each([
    ["4111111111111111 123", "[redacted] 123"],
    ["1 4111-1111-1111-1111", "1 [redacted]"],
    ["4111111111111111/5555555555554444", "[redacted]/[redacted]"],
    ["4111111111111111 5555555555554444", "[redacted] [redacted]"],
    ["12 4111.1111.1111.1111_12.29", "12 [redacted]_12.29"],
  ])("is taken out of %j", (text, expected) => expect(withoutCardNumbers(text)).toBe(expected));
});

describe("what is no card number", () => {
  it.each([
    "",
    "4111111111111112",
    withCheckDigit("41111111111"),
    withCheckDigit("4111111111111111111"),
    withCheckDigit("174164820402120"),
    withCheckDigit("222000000000000"),
    withCheckDigit("272100000000000"),
    withCheckDigit("900000000000000"),
    "41111111111111111111111",
    "2025-06-10 07.09.46",
  ])("%j", (text) => {
    expect(isCardNumber(text)).toBe(false);
    expect(withoutCardNumbers(`a ${text} b`)).toBe(`a ${text} b`);
  });

  it("a text that only holds one", () => {
    expect(isCardNumber("c_4111111111111111")).toBe(false);
    expect(isCardNumber("4111111111111111 and more")).toBe(false);
  });

  it("is told in time that grows with the text only", () => {
    const startedMs = performance.now();
    for (const text of ["1".repeat(50_000), "1 ".repeat(25_000), `1${" ".repeat(50_000)}`]) withoutCardNumbers(text);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
