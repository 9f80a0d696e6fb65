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

describe("the money path, attacked", () => {
  it.each(["postgres", "embedded"])(
    "holds on %s: faults, kills, races and losses of power, while the controls fail",
    async (database) => {
      const { code, output, figures } = await runChaos("--db", database);
      expect(output).toContain("HELD: ");
      expect(code).toBe(0);
      const { results } = figures();
      expect(results.map(({ ok }: { ok: boolean }) => ok)).not.toContain(false);
      const control = results.find(({ suite }: { suite: string }) => suite === "control");
      expect(control.findings.duplicates).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
