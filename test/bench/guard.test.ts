import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const TIMEOUT_MS = 180_000;

/**
 * How many times the CPU of graphql-js behind one route a request may cost: two and a half times what it did when this
 * was written. Both are measured in turn and by CPU, so a busy machine does not matter. It falls when a cache stops
 * working or a loop goes wild, not when something becomes a little slower: that is what `npm run bench` is for.
 */
const AT_MOST = { W1: 5.7, W2: 6.3, W3: 5.2 } as const;

interface Result {
  readonly workload: keyof typeof AT_MOST;
  readonly target: string;
  readonly cpuUs: { readonly median: number };
}

it(
  "costs not many times the CPU of the plainest server that does the same work",
  async () => {
    const results = await runBench("--guard", "--only=W1,W2,W3", "--targets=cardgraph,plain");
    for (const [workload, atMost] of Object.entries(AT_MOST)) {
      const [own, plain] = ["cardgraph", "plain"].map((name) =>
        results.find(({ target, workload: of }) => target === name && of === workload),
      );
      if (!own || !plain) throw new Error(`${workload} was not measured`);
      expect(own.cpuUs.median / plain.cpuUs.median, `${workload}, times the CPU`).toBeLessThan(atMost);
    }
  },
  TIMEOUT_MS,
);

/** Runs the benchmark as `npm run bench` does; it ends with an error when any server answers wrongly. */
async function runBench(...options: readonly string[]): Promise<readonly Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-bench-guard-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const json = join(folder, "results.json");
  const child = spawn(process.execPath, ["bench/run.mjs", ...options, `--json=${json}`], { stdio: "pipe" });
  onTestFinished(() => void child.kill());
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(output);
  return (JSON.parse(readFileSync(json, "utf8")) as { readonly results: readonly Result[] }).results;
}
