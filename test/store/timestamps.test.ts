import pg from "pg";
import { describe, expect, it } from "vitest";
import { parseTimestamp } from "../../src/store/timestamps.js";

const byTheDriver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, "text") as (text: string) => Date;

/** Numbers that are the same in every run. */
function* numbers(): Generator<number, never> {
  for (let seed = 1; ; seed = (seed * 48_271) % 2_147_483_647) yield seed / 2_147_483_647;
}

describe("a moment as PostgreSQL writes it", () => {
  it("is the one that the driver reads, for 20,000 of them in every form", () => {
    const random = numbers();
    const below = (end: number): number => Math.floor(random.next().value * end);
    const two = (value: number): string => String(value).padStart(2, "0");
    for (let index = 0; index < 20_000; index += 1) {
      const date = `${String(1 + below(9_999)).padStart(4, "0")}-${two(1 + below(12))}-${two(1 + below(28))}`;
      const time = `${two(below(24))}:${two(below(60))}:${two(below(60))}`;
      const digits = below(7);
      const fraction = digits === 0 ? "" : `.${String(below(10 ** digits)).padStart(digits, "0")}`;
      const minutes = below(4) === 0 ? `:${two(below(60))}` : "";
      const zone = `${below(2) === 0 ? "+" : "-"}${two(below(15))}${minutes}`;
      const text = `${date} ${time}${fraction}${zone}`;
      expect([text, parseTimestamp(text).getTime()]).toEqual([text, byTheDriver(text).getTime()]);
    }
  });

  it.each([
    ["2026-11-21 20:56:45.123456+00", "2026-11-21T20:56:45.123Z"],
    ["2026-11-21 20:56:45.1+00", "2026-11-21T20:56:45.100Z"],
    ["2026-11-21 20:56:45+00", "2026-11-21T20:56:45.000Z"],
    ["2026-12-31 23:30:00-05", "2027-01-01T04:30:00.000Z"],
    ["2028-02-29 00:30:00+01", "2028-02-28T23:30:00.000Z"],
    ["2026-11-21 20:56:45+05:30", "2026-11-21T15:26:45.000Z"],
    ["12026-11-21 20:56:45+00", "+012026-11-21T20:56:45.000Z"],
    ["0044-03-15 12:00:00+00 BC", "-000043-03-15T12:00:00.000Z"],
  ])("%s is %s", (text, moment) => expect(parseTimestamp(text).toISOString()).toBe(moment));

  it("may be for ever", () => {
    expect([parseTimestamp("infinity"), parseTimestamp("-infinity")]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });
});
