// Compares the schema with the one that was released last, and fails on a breaking change that CHANGELOG.md does not
// announce. With --release the present schema becomes the released one: a step of every release.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareSchemas, deprecationFaults, unannounced } from "./schema-changes.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const NAMES = ["schema.graphql", "subgraph.graphql"];
const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
const placesOf = (name) => ({ released: join(ROOT, "schema/released", name), present: join(ROOT, "src/schema", name) });
let faults = 0;

for (const name of NAMES) {
  const { released, present } = placesOf(name);
  if (existsSync(released) || existsSync(present)) await check(name, released, present);
}
if (faults === 0 && process.argv.includes("--release")) release();
process.exitCode = faults === 0 ? 0 : 1;

async function check(name, released, present) {
  if (!existsSync(released)) return console.log(`${name}: was not in the last release.`);
  if (!existsSync(present)) return fail(`${name}: was in the last release and is gone.`);
  const comparison = await compareSchemas(readFileSync(released, "utf8"), readFileSync(present, "utf8"));
  for (const [group, changes] of Object.entries(comparison)) {
    console.log(`${name}: ${changes.length} ${group}`);
    for (const { coordinate, message } of changes) console.log(`  ${coordinate}: ${message}`);
  }
  for (const { coordinate } of unannounced(comparison, changelog)) {
    fail(`${name}: \`${coordinate}\` breaks clients; CHANGELOG.md has to name it under "Unreleased", "Breaking".`);
  }
  for (const fault of deprecationFaults(readFileSync(present, "utf8"))) fail(`${name}: ${fault}`);
}

function release() {
  for (const { released, present } of NAMES.map(placesOf)) {
    if (!existsSync(present)) continue;
    mkdirSync(join(released, ".."), { recursive: true });
    copyFileSync(present, released);
  }
  console.log("The present schema is the released one now.");
}

function fail(message) {
  faults += 1;
  console.error(message);
}
