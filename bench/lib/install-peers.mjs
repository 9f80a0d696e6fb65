import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = fileURLToPath(new URL("../peers", import.meta.url));
const LOCK = join(FOLDER, "package-lock.json");
/** A copy of the lock that was installed last. */
const STAMP = join(FOLDER, "node_modules/.installed-lock.json");
const TIMEOUT_MS = 300_000;

/** Whether the other servers' packages are there, in the versions of the lock. */
export function hasPeers() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === readFileSync(LOCK, "utf8");
}

/**
 * Installs the other servers' packages where they are missing, into a folder of their own, and compiles the one that is
 * written in TypeScript. Throws with what npm or the compiler said.
 * @param {(text: string) => void} say
 */
export async function preparePeers(say) {
  if (!hasPeers()) {
    say("Installing the other servers' packages into bench/peers (npm ci, once) ...");
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", FOLDER]);
    writeFileSync(STAMP, readFileSync(LOCK));
  }
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json");
  await run(process.execPath, [join(dirname(compiler), "bin/tsc"), "-p", join(FOLDER, "tsconfig.json")]);
}

async function run(command, args) {
  const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT_MS });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-2_000);
    });
  }
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`${command} ${args[0]} failed:\n${output}`);
}
