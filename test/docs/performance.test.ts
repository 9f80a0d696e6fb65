import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Result {
  readonly workload: string;
  readonly target: string;
  readonly cpuUs: { readonly median: number };
}

const PAGE = readFileSync("docs/performance.md", "utf8").split("\n");
const { results } = JSON.parse(readFileSync("bench/results.json", "utf8")) as { readonly results: readonly Result[] };

it("the page on performance says what the last whole run of the benchmark measured", () => {
  const cells = (line = ""): readonly string[] => line.split("|").map((cell) => cell.trim());
  const [, , ...servers] = cells(PAGE.find((line) => line.startsWith("| | cardgraph"))).slice(0, -1);
  expect(servers).toHaveLength(6);
  for (const workload of ["W1", "W2", "W3", "W4"]) {
    const measured = servers.map((server) => {
      const result = results.find(({ target, workload: id }) => target === server && id === workload);
      return String(Math.round(result?.cpuUs.median ?? Number.NaN));
    });
    expect(PAGE).toContain(`| ${workload} | ${measured.join(" | ")} |`);
  }
});
