import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const TIMEOUT_MS = 180_000;

/** The short form of `npm run chaos`: what it wrote to the terminal, its figures, and its exit code. */
async function runChaos(...options: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-chaos-short-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const json = join(folder, "figures.json");
  const child = spawn(process.execPath, ["test/chaos/run.mjs", "--short", "--json", json, ...options]);
  onTestFinished(() => void child.kill());
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, "exit");
  return { code, output, figures: () => JSON.parse(readFileSync(json, "utf8")) };
}

interface Step {
  readonly title: string;
  readonly expect: string;
  readonly ok: boolean;
  readonly orders: number;
  readonly findings: Readonly<Record<string, number>>;
}

describe("the money path, attacked", () => {
  it(
    "holds on both databases: faults, kills, a race and a loss of power, while the controls fail",
    async () => {
      const { code, output, figures } = await runChaos();
      expect(output).toContain("HELD: ");
      expect(code).toBe(0);
      const results = figures().results as readonly Step[];
      const controls = results.filter(({ expect }) => expect === "must-fail");
      expect(controls).toHaveLength(2);
      for (const { findings } of controls) expect(Object.values(findings).some((count) => count > 0)).toBe(true);
      const product = results.filter(({ expect }) => expect === "must-hold");
      for (const { findings } of product) expect(Object.values(findings).every((count) => count === 0)).toBe(true);
      expect(product.reduce((sum, { orders }) => sum + orders, 0)).toBeGreaterThanOrEqual(190);
    },
    TIMEOUT_MS,
  );
});
