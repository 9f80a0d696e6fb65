/**
 * Counts the cases of every attack and writes `docs/security.json` and the tables of `docs/security.md`.
 *
 * `npm run security` counts; `npm run security -- fuzz` sends 100,000 made-up requests first, `-- timing` measures how
 * long wrong keys take, and both are kept.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { belongs, keyOf, ROWS } from "../test/attacks/ledger.mjs";
import { renderedPage } from "../test/attacks/render-page.mjs";

const FIGURES = "docs/security.json";
const PAGE = "docs/security.md";
const FUZZ_REQUESTS = "100000";
const TIMING_SAMPLES = "20000";

const scratch = mkdtempSync(join(tmpdir(), "cardgraph-security-"));
const vitest = (args, env = {}) =>
  execFileSync(process.execPath, ["node_modules/vitest/vitest.mjs", ...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 100_000_000,
  });
const measured = (file, env, result) => {
  const path = join(scratch, "result.json");
  vitest(["run", "--reporter=dot", file], { ...env, [result]: path });
  return JSON.parse(readFileSync(path, "utf8"));
};

try {
  const figures = JSON.parse(readFileSync(FIGURES, "utf8"));
  const wanted = process.argv.slice(2);
  if (wanted.includes("fuzz")) {
    figures.fuzz = measured("test/attacks/fuzz.test.ts", { FUZZ_REQUESTS }, "FUZZ_RESULT");
  }
  if (wanted.includes("timing")) {
    figures.timing = measured("test/attacks/key-timing.test.ts", { TIMING_SAMPLES }, "TIMING_RESULT");
  }
  const files = [...new Set(ROWS.map(({ test }) => test))];
  const list = join(scratch, "list.json");
  vitest(["list", "--no-staticParse", `--json=${list}`, ...files]);
  const tests = JSON.parse(readFileSync(list, "utf8"));
  figures.cases = Object.fromEntries(
    ROWS.map((row) => [
      keyOf(row),
      tests.filter(({ file, name }) => file.endsWith(`/${row.test}`) && belongs(row, name)).length,
    ]),
  );
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(PAGE, renderedPage(readFileSync(PAGE, "utf8"), figures));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
