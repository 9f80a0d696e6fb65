import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passesLuhn, REDACTED } from "../../src/domain/card-number.js";
import { systemIds } from "../../src/domain/ids.js";
import { scrub } from "../../src/domain/scrub.js";

/** Card numbers that networks publish for tests, 13 to 19 digits. */
const NUMBERS = [
  "4222222222222",
  "30569309025904",
  "378282246310005",
  "4111111111111111",
  "5555555555554444",
  "6011111111111117",
  "6304000000000000000",
];

/** Digits with a check digit that makes them pass. */
const luhnValid = fc.integer({ min: 12, max: 18 }).chain((length) =>
  fc.stringMatching(new RegExp(`^[1-9]\\d{${length - 1}}$`)).map((digits) => {
    const check = [..."0123456789"].find((digit) => passesLuhn(digits + digit));
    return digits + check;
  }),
);

describe("a card number", () => {
  it.each(NUMBERS)("%s is taken out, plain, with blanks, with hyphens and between other words", (number) => {
    const grouped = (separator: string): string => number.replaceAll(/(\d{4})(?=\d)/g, `$1${separator}`);
    for (const form of [number, grouped(" "), grouped("-"), [...number].join(" ")]) {
      expect(scrub(form)).toBe(REDACTED);
      expect(scrub(`card ${form}, please`)).toBe(`card ${REDACTED}, please`);
      expect(scrub(`{"pan":"${form}"}`)).toBe(`{"pan":"${REDACTED}"}`);
      expect(scrub(`pan${form}`)).toBe(`pan${REDACTED}`);
      expect(scrub(`line\\n${form}\\n`)).toBe(`line\\n${REDACTED}\\n`);
    }
  });

  it("is taken out wherever it stands, however its digits are parted", () => {
    const separator = fc.constantFrom("", "", " ", "-");
    const around = fc.constantFrom("", " ", '"', ":", "=", "x", "\n", "(", "/");
    fc.assert(
      fc.property(luhnValid, fc.infiniteStream(separator), around, around, (number, separators, before, after) => {
        const form = [...number].map((digit, at) => (at === 0 ? digit : separators.next().value + digit)).join("");
        expect(scrub(`${before}${form}${after}`)).toBe(`${before}${REDACTED}${after}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "4242.4242.4242.4242",
    "4242\u00a04242\u00a04242\u00a04242",
    "v1.4111111111111111",
    "4242_4242_4242_4242",
  ])("is taken out whatever stands between its digits or before them: %s", (text) =>
    expect(scrub(text)).toContain(REDACTED));

  it.each([
    "4111111111111111 123",
    "4111 1111 1111 1111 12/29",
    "1 4111111111111111",
    "qty 2 4111-1111-1111-1111",
  ])("is taken out of %s", (text) => expect(scrub(text)).not.toMatch(/4111[ -]?1111[ -]?1111[ -]?1111/));

  it("is taken out every time it comes", () => {
    expect(scrub("4111111111111111, 4111 1111 1111 1111")).toBe(`${REDACTED}, ${REDACTED}`);
  });
});

describe("an e-mail address and a mobile number", () => {
  it.each([
    "a@b",
    "leon.smith+cards@mail.example.co.uk",
    "O'Neil@example.org",
    "ops_1@127.example",
  ])("%s is taken out", (address) => expect(scrub(`to <${address}>: sent`)).toBe(`to <${REDACTED}>: sent`));

  it.each(["+8613800138000", "+14155552671", "+1234567", "+123456789012345"])("%s is taken out", (mobile) => {
    expect(scrub(`mobile=${mobile};`)).toBe(`mobile=${REDACTED};`);
  });
});

describe("what must stay", () => {
  it.each([
    "card_01a1b2c3d4e5f60718293a4b5c6d7e8f",
    "2026-01-02T03:04:05.678Z",
    "2026-01-02 03:04:05.678901+00",
    "1735689600001",
    "17416782040212002",
    "300001",
    "USD 5000.00",
    "bin 411111, last4 1111",
    "0.1234567890123456",
    "+12",
    "1 + 1234567890",
    "@deprecated",
    "12345678901234567890123",
  ])("%s", (text) => expect(scrub(text)).toBe(text));

  it("every id of ours, whatever digits chance put into it", () => {
    expect(scrub("order ord_0199a41111111111111111abcdefabcd moved")).toContain("ord_0199a41111111111111111abcdefabcd");
    const ids = Array.from({ length: 20_000 }, () => systemIds.card());
    expect(ids.filter((id) => scrub(`card ${id}`) !== `card ${id}`)).toEqual([]);
  });

  it("every request id, whatever digits chance put into it", () => {
    const unlucky = ["a4111111-1111-4111-8111-111111111111", "41111111-1111-4111-8111-111111111111"];
    const ids = [...unlucky, ...Array.from({ length: 20_000 }, () => randomUUID())];
    expect(ids.filter((id) => scrub(`"${id}"`) !== `"${id}"`)).toEqual([]);
  });

  it("a run of digits that no network could have given out", () => {
    expect(passesLuhn("4111111111111112")).toBe(false);
    expect(scrub("trace 4111111111111112")).toBe("trace 4111111111111112");
  });

  it("but not a card number that only dresses as an id", () => {
    expect(scrub("card_4111111111111111")).toBe(`card_${REDACTED}`);
    expect(scrub("ord_4111111111111111 by a")).toBe(`ord_${REDACTED} by a`);
  });
});

describe("the Luhn check", () => {
  it("finds every single wrong digit", () => {
    fc.assert(
      fc.property(luhnValid, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, place, shift) => {
        const at = place % number.length;
        const wrong = number.slice(0, at) + ((Number(number[at]) + shift) % 10) + number.slice(at + 1);
        expect([passesLuhn(number), passesLuhn(wrong)]).toEqual([true, false]);
      }),
    );
  });
});
