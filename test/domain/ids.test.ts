import { describe, expect, it } from "vitest";
import { systemIds } from "../../src/domain/ids.js";

const KINDS = [
  ["order", "ord"],
  ["card", "card"],
  ["cardHolder", "chd"],
  ["cardContact", "cct"],
  ["inbox", "inb"],
] as const;

describe.each(KINDS)("the id of a %s", (kind, prefix) => {
  it(`is ${prefix}_ and a UUIDv7 without hyphens`, () => {
    expect(systemIds[kind]()).toMatch(new RegExp(`^${prefix}_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$`));
  });

  it("is never given twice, and rises even within a millisecond", () => {
    const ids = Array.from({ length: 10_000 }, () => systemIds[kind]());
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it("holds the time it was made at", () => {
    const before = Date.now();
    const made = Number.parseInt(systemIds[kind]().slice(prefix.length + 1, prefix.length + 13), 16);
    expect(made).toBeGreaterThanOrEqual(before - 1);
    expect(made).toBeLessThanOrEqual(Date.now() + 1_000);
  });
});
