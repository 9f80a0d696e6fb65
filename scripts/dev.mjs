// Compiles on every change and restarts the server with what was compiled. Ctrl-C or SIGTERM ends all of it.
//
//   node scripts/dev.mjs

import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const KILL_AFTER_MS = 10_000;

// It also checks the version of Node, and the server is then started from what the compiler below writes.
const built = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "--if-stale", "--only=playground"], {
  cwd: ROOT,
  stdio: "inherit",
});
if (built.status !== 0) process.exit(1);

const children = new Set();
let isEnding = false;

const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
let server = null;
start(
  "tsc",
  [compiler, "--watch", "--preserveWatchOutput", "--pretty", "false", "-p", "tsconfig.build.json"],
  (line) => {
    // The first compilation has to be whole before there is something to start; even one with errors writes its files.
    if (server === null && line.includes("Watching for file changes")) {
      server = start("server", ["--watch", "--watch-preserve-output", "dist/main.js"]);
    }
  },
);

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(0));

/** Starts a Node process whose lines are printed under its name; when one ends, everything does. */
function start(name, args, onLine = () => {}) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      console.log(`${name.padEnd(6)} | ${line}`);
      onLine(line);
    });
  }
  child.on("exit", (code) => {
    children.delete(child);
    if (!isEnding) {
      console.error(`${name} ended by itself.`);
      end(code ?? 1);
    }
  });
  return child;
}

/** Ends every child and then this process, by force where a child does not listen. */
function end(code) {
  if (isEnding) return;
  isEnding = true;
  process.exitCode = code;
  for (const child of children) child.kill("SIGTERM");
  setTimeout(() => {
    for (const child of children) child.kill("SIGKILL");
  }, KILL_AFTER_MS).unref();
}
