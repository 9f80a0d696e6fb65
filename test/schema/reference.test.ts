import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { beforeAll, describe, expect, it } from "vitest";
import { partsOf } from "./schema-reading.js";

const SDL = readFileSync("src/schema/schema.graphql", "utf8");
const REFERENCE = readFileSync("docs/reference.md", "utf8");

let renderReference: (sdl: string) => string;
beforeAll(async () => {
  ({ renderReference } = await import(new URL("../../scripts/render-reference.mjs", import.meta.url).href));
});

describe("the reference", () => {
  it("is the one that `npm run docs` makes of the schema", () => expect(REFERENCE).toBe(renderReference(SDL)));

  it("has every type, field and value", () => {
    const names = partsOf(parse(SDL)).flatMap(
      ({ place }) => /^(?:\w+Definition |\w+\.|enum \w+ )(\w+)/.exec(place)?.[1] ?? [],
    );
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => !REFERENCE.includes(name))).toEqual([]);
  });

  it("says what a default is", () => {
    const text = renderReference('type Query { "A list." cards("How many." first: Int = 20): Int }');
    expect(text).toContain("How many. Default: `20`.");
  });
});
