import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { OPTIONAL_VARIABLES, REQUIRED_VARIABLES } from "../../../src/datasources/prepaidify/config.js";
import { MAGIC_DEPOSITS } from "../../../src/datasources/prepaidify/sandbox/scenario.js";

const README = new URL("../../../src/datasources/prepaidify/README.md", import.meta.url);

describe("the README", () => {
  it("lists the magic deposits as the sandbox has them", async () => {
    const lines = (await readFile(README, "utf8")).split("\n").map((line) => line.replaceAll(/\s+/g, " "));
    const rows = lines.filter((line) => /^\| \d{4} \|/.test(line));
    const expected = MAGIC_DEPOSITS.map(({ amountMinor, scenario, description }) => {
      const kind = scenario.kind === "decline" ? `decline ${scenario.code}` : scenario.kind;
      return `| ${amountMinor} | ${kind} | ${description} |`;
    });
    expect(rows).toEqual(expected);
  });

  it("names every variable", async () => {
    const text = await readFile(README, "utf8");
    for (const name of [...REQUIRED_VARIABLES, ...OPTIONAL_VARIABLES]) expect(text).toContain(`\`${name}\``);
  });
});
