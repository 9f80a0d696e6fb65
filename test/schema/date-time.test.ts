import { describe, expect, it } from "vitest";
import { DateTime } from "../../src/schema/date-time.scalar.js";

/** The first and the last moment that a date can be, in milliseconds. */
const FARTHEST_MS = 8_640_000_000_000_000;

/** Numbers that are the same in every run, from 0 up to 1. */
function* numbers(): Generator<number, never> {
  for (let seed = 1; ; seed = (seed * 48_271) % 2_147_483_647) yield seed / 2_147_483_647;
}

describe("a moment that is answered", () => {
  it.each([
    ["of this century", Date.UTC(2000, 0), Date.UTC(2100, 0)],
    ["within one day", Date.UTC(2026, 10, 22), Date.UTC(2026, 10, 23)],
    ["before 1970", Date.UTC(1900, 0), 0],
    ["that a date can be", -FARTHEST_MS, FARTHEST_MS],
  ])("is written as JavaScript writes it, for 20,000 of those %s", (_name, fromMs, untilMs) => {
    const random = numbers();
    for (let index = 0; index < 20_000; index += 1) {
      const moment = new Date(Math.floor(fromMs + random.next().value * (untilMs - fromMs)));
      expect(DateTime.serialize(moment)).toBe(moment.toISOString());
    }
  });

  it.each([0, -1, 86_399_999, 86_400_000, -86_400_000, -FARTHEST_MS, FARTHEST_MS])("is exact at %d ms", (timeMs) => {
    for (const _ of [1, 2]) expect(DateTime.serialize(new Date(timeMs))).toBe(new Date(timeMs).toISOString());
  });

  it("is none if it is no date", () => {
    expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow();
    expect(() => DateTime.serialize("yesterday")).toThrow();
  });
});
