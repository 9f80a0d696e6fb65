import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../src/domain/fingerprint.js";

const ORDER = {
  cardRangeId: "100",
  deposit: { amountMinor: 1_000, currency: "USD" },
  cardHolder: { firstName: "Leon", lastName: "Smith" },
  email: null,
};

describe("the fingerprint of an input", () => {
  it("is the same whatever order its members come in, at any depth", () => {
    const turned = {
      email: null,
      cardHolder: { lastName: "Smith", firstName: "Leon" },
      deposit: { currency: "USD", amountMinor: 1_000 },
      cardRangeId: "100",
    };
    expect(fingerprint(turned)).toBe(fingerprint(ORDER));
  });

  it("does not tell an absent member from a null one", () => {
    const { email: _, ...without } = ORDER;
    expect(fingerprint(without)).toBe(fingerprint(ORDER));
    expect(fingerprint({ ...ORDER, email: undefined })).toBe(fingerprint(ORDER));
  });

  it.each([
    ["another amount", { ...ORDER, deposit: { ...ORDER.deposit, amountMinor: 1_001 } }],
    ["another currency", { ...ORDER, deposit: { ...ORDER.deposit, currency: "HKD" } }],
    ["text for a number", { ...ORDER, deposit: { ...ORDER.deposit, amountMinor: "1000" } }],
    ["an empty text for null", { ...ORDER, email: "" }],
    ["no cardholder", { ...ORDER, cardHolder: null }],
    ["swapped names", { ...ORDER, cardHolder: { firstName: "Smith", lastName: "Leon" } }],
    ["another case", { ...ORDER, cardHolder: { firstName: "leon", lastName: "Smith" } }],
    ["one more member", { ...ORDER, customerId: "1" }],
  ])("tells %s", (_name, other) => expect(fingerprint(other)).not.toBe(fingerprint(ORDER)));

  it("minds the order of a list, and what stands in it", () => {
    expect(fingerprint({ tags: ["a", "b"] })).not.toBe(fingerprint({ tags: ["b", "a"] }));
    expect(fingerprint({ tags: ["a", null] })).not.toBe(fingerprint({ tags: ["a"] }));
    expect(fingerprint({ tags: [1, 23] })).not.toBe(fingerprint({ tags: [12, 3] }));
    expect(fingerprint({ tags: ["a,b"] })).not.toBe(fingerprint({ tags: ["a", "b"] }));
  });

  it("cannot be made to collide by what stands in a text", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('","b":"', "null", '{"a":1}', "\\", '"'));
    const pair = fc.record({ a: text, b: text });
    fc.assert(
      fc.property(pair, pair, (left, right) => {
        const same = left.a === right.a && left.b === right.b;
        expect(fingerprint(left) === fingerprint(right)).toBe(same);
      }),
    );
  });

  it("is a SHA-256, and stays what it is: a stored one must match after an upgrade", () => {
    const canonical =
      '{"cardHolder":{"firstName":"Leon","lastName":"Smith"},"cardRangeId":"100",' +
      '"deposit":{"amountMinor":1000,"currency":"USD"}}';
    expect(fingerprint(ORDER)).toBe(createHash("sha256").update(canonical).digest("base64url"));
    expect(fingerprint(ORDER)).toBe("lqhy8FMKwf0JaOCOGtEMSFoh-u-kHrWKjv7KxQpcl5E");
  });
});
