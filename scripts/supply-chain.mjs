// Checks what this server is made of: npm run supply-chain. Ends with code 1 when something is wrong.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { shipped } from "./bill-of-materials.mjs";
import { foreignLicences, loosePins, undecidedScripts, unsealedPackages } from "./supply-chain-rules.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SIGNATURES_TIMEOUT_MS = 100_000;
/** npm's words for a registry, or the service with its keys, that does not answer. */
const UNREACHABLE =
  /code (E404|E5\d\d|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET\w*|\w*CERT\w*)|endpoint returned/i;

const manifest = readJson("package.json");
const lock = readJson("package-lock.json");

report("versions", loosePins(manifest), "every version is exact");
report("lock file", unsealedPackages(lock), "every package has a SHA-512");
report("install scripts", undecidedScripts(lock, manifest.allowScripts), "each one is allowed or refused by name");
report("licences", foreignLicences(shipped()), "whatever ships may be shipped");
await checkSignatures();

/** A registry that signs nothing, or that cannot be reached, proves nothing; a wrong signature does. */
async function checkSignatures() {
  const { code, output } = await run("npm", [
    "audit",
    "signatures",
    "--fetch-retries=0",
    "--loglevel=error",
    "--no-color",
  ]);
  if (code === 0) return console.log("signatures: every package is signed by its registry");
  const problem = output.split("\n").find((line) => UNREACHABLE.test(line));
  if (problem || code === null) return console.log("signatures: not checked, the registry's keys cannot be reached");
  report("signatures", ["some package has no right signature: npm audit signatures"], "");
}

function run(command, args) {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: ROOT, timeout: SIGNATURES_TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? (typeof error.code === "number" ? error.code : null) : 0, output: stdout + stderr }),
    );
  });
}

function report(what, faults, right) {
  if (faults.length === 0) return console.log(`${what}: ${right}`);
  for (const fault of faults) console.error(`${what}: ${fault}`);
  process.exitCode = 1;
}

function readJson(name) {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
}
