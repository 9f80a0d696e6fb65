/**
 * Mutation testing of the money path: breaks its modules in every small way and sees whether the fast specs notice.
 * Prints a table, lists the mutants that nobody noticed, and writes the scores to `docs/mutation.json`
 * and into `docs/reliability.md`.
 *
 * `npm run mutate` does all; `npm run mutate -- domain` one layer; `npm run mutate -- services send-order` one module,
 * which leaves the written scores of the others as they are.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Stryker } from "@stryker-mutator/core";
import { refresh } from "../test/chaos/render.mjs";

const OUTPUT = "docs/mutation.json";
/** What has to be noticed at least of each module, in percent of its mutants: a sum would hide a weak one. */
const LEAST_SCORE = 90;

const MODULES = {
  domain: ["order-transition", "card-status", "due-policy", "failure", "fingerprint"],
  services: ["send-order", "reconcile-orders", "confirm-card", "create-virtual-card", "callback-desk"],
  store: ["orders", "order-queue", "inbox", "card-writer", "card-owner"],
};
const NOTICED = new Set(["Killed", "Timeout"]);
const MISSED = new Set(["Survived", "NoCoverage"]);

const [onlyLayer, onlyModule] = process.argv.slice(2);
const layers = Object.keys(MODULES).filter((layer) => onlyLayer === undefined || layer === onlyLayer);
const files = existsSync(OUTPUT) ? JSON.parse(readFileSync(OUTPUT, "utf8")).files : {};
const missed = [];

// Databases of tests that fail are many, and short-lived: memory takes them better than a disk.
if (existsSync("/dev/shm")) process.env.TMPDIR ??= "/dev/shm";

for (const layer of layers) {
  process.env.MUTATED_LAYER = layer;
  const modules = MODULES[layer].filter((name) => onlyModule === undefined || name === onlyModule);
  const mutate = modules.map((name) => `src/${layer}/${name}.ts`);
  const mutants = await new Stryker({ mutate, configFile: "stryker.config.mjs" }).runMutationTest();
  for (const path of mutate) {
    const of = mutants.filter(({ fileName }) => fileName.endsWith(path));
    const killed = of.filter(({ status }) => NOTICED.has(status)).length;
    const survivors = of.filter(({ status }) => MISSED.has(status));
    files[path] = { killed, survived: survivors.length, score: score(killed, survivors.length) };
    missed.push(...survivors.map((mutant) => ({ path, mutant })));
  }
}

const known = Object.values(files);
const killed = known.reduce((sum, file) => sum + file.killed, 0);
const survived = known.reduce((sum, file) => sum + file.survived, 0);
const total = { killed, survived, score: score(killed, survived) };
const sorted = Object.fromEntries(Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1)));
writeFileSync(OUTPUT, `${JSON.stringify({ total, files: sorted }, null, 2)}\n`);
refresh();

for (const { path, mutant } of missed) {
  const text = mutant.replacement?.replace(/\s+/g, " ").slice(0, 100);
  console.log(`${path}:${mutant.location.start.line}:${mutant.location.start.column} ${mutant.mutatorName} ${text}`);
}
console.table({ ...sorted, total });
const weak = Object.entries(sorted).filter(([, file]) => file.score < LEAST_SCORE);
for (const [path, file] of weak) console.log(`${path}: ${file.score} is less than ${LEAST_SCORE}`);
if (weak.length > 0) process.exitCode = 1;

function score(noticed, unnoticed) {
  return noticed + unnoticed === 0 ? 100 : Math.round((1000 * noticed) / (noticed + unnoticed)) / 10;
}
