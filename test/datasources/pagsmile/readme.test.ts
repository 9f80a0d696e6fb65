import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OPTIONAL_VARIABLES, REQUIRED_VARIABLES } from "../../../src/datasources/pagsmile/config.js";
import { MAGIC_LAST_NAMES } from "../../../src/datasources/pagsmile/sandbox/scenario.js";

const README = readFileSync(new URL("../../../src/datasources/pagsmile/README.md", import.meta.url), "utf8")
  // The formatter aligns tables.
  .replace(/ +/g, " ");
const firstCells = (pattern: RegExp): string[] => [...README.matchAll(pattern)].map((match) => match[1] ?? "");

describe("the adapter's README", () => {
  it("lists every variable, and no other", () => {
    expect(firstCells(/^\| `(PAGSMILE_[A-Z_]+)` \|/gm)).toEqual([...REQUIRED_VARIABLES, ...OPTIONAL_VARIABLES]);
  });

  it("lists every magic last name with its description, and no other", () => {
    const rows = MAGIC_LAST_NAMES.map(({ lastName, description }) => `| \`${lastName}\` | ${description} |`);
    const table = README.slice(README.indexOf("| `lastName` |"));
    expect(table.match(/^\| `[A-Z].*$/gm)).toEqual(rows);
  });
});
