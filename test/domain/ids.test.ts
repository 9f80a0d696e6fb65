import { describe, expect, it } from "vitest";
import { firstIdAt, isOrderId, systemIds } from "../../src/domain/ids.js";

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

describe("the first id of a moment", () => {
  it("is above every id that was made before, and not above any that is made from then on", () => {
    const id = systemIds.order();
    const madeAtMs = Number.parseInt(id.slice(4, 16), 16);
    expect(firstIdAt("ord", madeAtMs) <= id).toBe(true);
    expect(firstIdAt("ord", madeAtMs + 1) > id).toBe(true);
  });

  it("is the first or the last of all for a moment that no id can hold", () => {
    expect(firstIdAt("ord", -1)).toBe(`ord_${"0".repeat(12)}`);
    expect(firstIdAt("ord", Number.MAX_SAFE_INTEGER)).toBe(`ord_${"f".repeat(12)}`);
  });
});

describe("a text", () => {
  it("is an order's id only if it has the shape of one", () => {
    expect(isOrderId(systemIds.order())).toBe(true);
    for (const text of [systemIds.card(), "ord_", `${systemIds.order()}0`, ""]) expect(isOrderId(text)).toBe(false);
  });
});
