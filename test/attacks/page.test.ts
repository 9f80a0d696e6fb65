import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkCount } from "../support/counted-attacks.js";

interface Row {
  readonly point: string;
  readonly attack: string;
  readonly result: string;
  readonly test: string;
  readonly name: string;
}

interface Figures {
  readonly cases: Readonly<Record<string, number>>;
  readonly fuzz: { readonly requests: number; readonly faults: number; readonly grownBytes: number };
  readonly timing: { readonly samples: number };
}

interface Ledger {
  readonly ROWS: readonly Row[];
  readonly POINTS: Readonly<Record<string, string>>;
  readonly keyOf: (row: Row) => string;
  readonly renderedPage: (text: string, figures: Figures) => string;
}

/** The ledger is plain JavaScript, for the script that writes the page, and the type checker does not read it. */
const load = async (): Promise<Ledger> => ({
  ...(await import(new URL("ledger.mjs", import.meta.url).href)),
  ...(await import(new URL("render-page.mjs", import.meta.url).href)),
});
const { ROWS, POINTS, keyOf, renderedPage } = await load();
const figures: Figures = JSON.parse(readFileSync("docs/security.json", "utf8"));

describe("the page on security", () => {
  it.each(ROWS.map((row) => [keyOf(row), row] as const))("names a test that is there: %s", (key, { test, result }) => {
    expect(existsSync(test)).toBe(true);
    expect(figures.cases[key]).toBeGreaterThan(0);
    expect(result).not.toBe("");
  });

  it("has an attack for every point, and no figure that belongs to none", () => {
    expect(new Set(ROWS.map(({ point }) => point))).toEqual(new Set(Object.keys(POINTS)));
    expect(Object.keys(figures.cases).sort()).toEqual([...new Set(ROWS.map(keyOf))].sort());
  });

  it("is what the figures make of it", () => {
    const page = readFileSync("docs/security.md", "utf8");
    expect(renderedPage(page, figures)).toBe(page);
  });

  it("tells of 100,000 made-up requests without a fault", () => {
    expect([figures.fuzz.requests, figures.fuzz.faults]).toEqual([100_000, 0]);
    expect(figures.timing.samples).toBeGreaterThanOrEqual(20_000);
  });
});

describe("the count of a file's cases", () => {
  const test = (name: string, mode = "run") => ({ name, type: "test", mode });
  const file = (...names: readonly string[]) => ({
    ...{ name: "a", type: "suite", filepath: "test/a.test.ts" },
    tasks: [{ name: "group", type: "suite", tasks: names.map((name) => test(name)) }, test("alone")],
  });

  it("is checked wherever the file is run", () => {
    expect(() => checkCount(file("one", "two"), { "test/a.test.ts": 3, "test/a.test.ts > group": 2 })).not.toThrow();
    expect(() => checkCount(file("one"), { "test/a.test.ts": 3 })).toThrow("says 3");
    expect(() => checkCount(file("one"), { "test/a.test.ts > group > one": 2 })).toThrow("npm run security");
    expect(() => checkCount(file("one"), { "test/b.test.ts": 3 })).not.toThrow();
  });

  it("is not where a part of it is", () => {
    const part = { ...file("one"), tasks: [test("one"), test("two", "skip")] };
    expect(() => checkCount(part, { "test/a.test.ts": 9 })).not.toThrow();
  });
});
