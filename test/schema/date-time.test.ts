import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DateTime } from "../../src/schema/date-time.scalar.js";

/** The last moment that a date can be, in milliseconds; the first is as far from 1970. */
const FARTHEST_MS = 8_640_000_000_000_000;

describe("a moment that is answered", () => {
  it.each([
    ["of this century", Date.UTC(2000, 0), Date.UTC(2100, 0)],
    ["within one day", Date.UTC(2026, 10, 22), Date.UTC(2026, 10, 23)],
    ["before 1970", Date.UTC(1900, 0), 0],
    ["that a date can be", -FARTHEST_MS, FARTHEST_MS],
  ])("is written as JavaScript writes it, for 5,000 of those %s", (_name, fromMs, untilMs) => {
    const moments = fc.date({ min: new Date(fromMs), max: new Date(untilMs), noInvalidDate: true });
    const isSame = (moment: Date): boolean => DateTime.serialize(moment) === moment.toISOString();
    fc.assert(fc.property(moments, isSame), { numRuns: 5_000 });
  });

  it.each([0, -1, 86_399_999, 86_400_000, -86_400_000, -FARTHEST_MS, FARTHEST_MS])("is exact at %d ms", (timeMs) => {
    for (const _ of [1, 2]) expect(DateTime.serialize(new Date(timeMs))).toBe(new Date(timeMs).toISOString());
  });

  it("is none if it is no date", () => {
    expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow();
    expect(() => DateTime.serialize("yesterday")).toThrow();
  });
});
