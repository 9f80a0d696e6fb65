import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const PLAYGROUND_OUT = join(DIST, "playground");
// The build runs in here and takes the place of dist/playground when it is whole.
const PLAYGROUND_STAGING = join(DIST, ".playground-staging");
const LOCK_WAIT_MS = 300_000;

/** What is built: from which files, whether its output is there, and how. */
const TARGETS = [
  {
    name: "server",
    sources: () => filesOf("src", "tsconfig.json", "tsconfig.build.json", "package-lock.json"),
    stamp: join(DIST, ".server-stamp"),
    isPresent: () => serverOutputs().every((file) => existsSync(file)),
    build: buildServer,
  },
  {
    name: "playground",
    sources: () => filesOf("playground", "package-lock.json"),
    stamp: join(PLAYGROUND_OUT, ".stamp"),
    isPresent: () => existsSync(join(PLAYGROUND_OUT, "index.html")),
    build: buildPlayground,
  },
];

/**
 * Builds what the arguments ask for, one process at a time: a second build waits for the first one and then finds
 * its work done. Ends the process with code 1 when a build fails; the output of the last good one stays.
 */
export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      "if-stale": { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  const wanted = TARGETS.filter(({ name }) => values.only === undefined || values.only === name);
  if (wanted.length === 0) throw new Error(`--only takes ${TARGETS.map(({ name }) => name).join(" or ")}.`);

  mkdirSync(DIST, { recursive: true });
  const lock = takeLock();
  const results = await Promise.allSettled(
    wanted.filter((target) => !values["if-stale"] || isStale(target)).map((target) => run(target, values.quiet)),
  );
  lock.close();

  const failures = results.filter(({ status }) => status === "rejected");
  for (const { reason } of failures) console.error(reason.message);
  if (failures.length > 0) process.exit(1);
}

async function run(target, quiet) {
  const startedAt = performance.now();
  // Taken before the build, so that a change made during it makes the output stale.
  const fingerprint = fingerprintOf(target.sources());
  try {
    await target.build();
  } catch (error) {
    throw new Error(`The ${target.name} could not be built.\n${error.message}`, { cause: error });
  }
  writeFileSync(target.stamp, fingerprint);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (!quiet) console.log(`Built the ${target.name} in ${seconds} s.`);
}

/** The compiler writes over the files of the last build; what it no longer writes is removed afterwards. */
async function buildServer() {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await execute(process.execPath, [tsc, "-p", "tsconfig.build.json", "--noEmitOnError", "--pretty", "false"]);
  removeAllBut(new Set(serverOutputs()), DIST);
}

async function buildPlayground() {
  rmSync(PLAYGROUND_STAGING, { recursive: true, force: true });
  const { build } = await import("vite");
  await build({
    configFile: join(ROOT, "playground/vite.config.ts"),
    logLevel: "error",
    build: { outDir: PLAYGROUND_STAGING },
  });
  rmSync(PLAYGROUND_OUT, { recursive: true, force: true });
  renameSync(PLAYGROUND_STAGING, PLAYGROUND_OUT);
}

/** The files that the compiler makes of src/. */
function serverOutputs() {
  return filesOf("src")
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .flatMap((file) => {
      const output = join(DIST, relative(join(ROOT, "src"), file)).replace(/\.ts$/, ".js");
      return [output, `${output}.map`];
    });
}

/** Removes what is left of deleted sources. The playground and our own dot files in dist/ stay. */
function removeAllBut(kept, directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (directory === DIST && (entry.name.startsWith(".") || path === PLAYGROUND_OUT)) continue;
    if (entry.isDirectory()) {
      removeAllBut(kept, path);
      if (readdirSync(path).length === 0) rmSync(path, { recursive: true });
    } else if (!kept.has(path)) {
      rmSync(path);
    }
  }
}

function isStale({ stamp, isPresent, sources }) {
  if (!existsSync(stamp) || !isPresent()) return true;
  return readFileSync(stamp, "utf8") !== fingerprintOf(sources());
}

/** Changes when a file is added, deleted, moved, or written to. */
function fingerprintOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(ROOT, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

/** Every file at or below the given paths, sorted; a path that does not exist counts for none. */
function filesOf(...paths) {
  return paths
    .map((path) => join(ROOT, path))
    .filter((path) => existsSync(path))
    .flatMap((path) =>
      statSync(path).isFile()
        ? [path]
        : readdirSync(path, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name)),
    )
    .sort();
}

/** Waits for its turn. The lock is one of the operating system, so a build that is killed cannot leave it behind. */
function takeLock() {
  const lock = new DatabaseSync(join(DIST, ".build-lock"));
  lock.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
  lock.exec("BEGIN EXCLUSIVE");
  return lock;
}

function execute(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(output.trim()))));
  });
}
