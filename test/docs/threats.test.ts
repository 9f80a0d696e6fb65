import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const ROWS = readFileSync("SECURITY.md", "utf8")
  .split("\n")
  .filter((line) => /^\| (?!threat|---)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

it("every threat of SECURITY.md names tests that are there", () => {
  expect(ROWS.length).toBeGreaterThan(30);
  for (const [, threat, , tests = ""] of ROWS) {
    const paths = [...tests.matchAll(/`(test\/[^`]+)`/g)].map(([, path = ""]) => path);
    expect(paths.length, threat).toBeGreaterThan(0);
    for (const path of paths) expect(globSync(path), `${threat}: ${path}`).toHaveLength(1);
  }
});
