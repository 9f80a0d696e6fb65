import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { parseTimestamp } from "./timestamps.js";

/** PostgreSQL's numbers of types. */
const OIDS = { int8: 20, timestamptz: 1184 };

/**
 * Start parameters of the embedded server: the library's own without `-F`, which would turn fsync off, and with a
 * small buffer pool, since the operating system caches the same pages anyway. `wal_sync_method` must be `fsync`:
 * the library's `fdatasync` returns without doing anything.
 */
const START_PARAMS = [
  "--single",
  "-O",
  "-j",
  ...["search_path=public", "exit_on_error=false", "log_checkpoints=false"].flatMap(setting),
  ...["max_worker_processes=0", "max_parallel_workers=0", "max_parallel_workers_per_gather=0"].flatMap(setting),
  ...["io_method=sync", "max_parallel_maintenance_workers=0"].flatMap(setting),
  ...["fsync=on", "synchronous_commit=on", "wal_sync_method=fsync", "shared_buffers=16MB"].flatMap(setting),
];

function setting(text: string): string[] {
  return ["-c", text];
}

/** How the folder of a cluster is called while it is being made. */
const UNFINISHED = "pg.unfinished";

/** Why the embedded database cannot be used, in words that may be shown. */
export class EmbeddedReason extends Error {}

/** An embedded database and the lock on its folder. */
export interface Embedded {
  readonly pglite: PGlite;
  /** Gives the folder back. The database itself is closed by whoever uses it. */
  close(): Promise<void>;
}

/** A file system for the embedded server that counts how often the disk was asked to write through. */
export type CountingFS = NodeFS & { readonly syncs: number };

/**
 * A file system for the embedded server that really writes through: the library's own answers "done" to every fsync
 * without asking the disk, so a power loss would take back what was already promised.
 */
export class DurableFS extends NodeFS {
  /** How often the disk has written a file through. */
  syncs = 0;
  readonly #sync: (file: number) => void;

  /** `sync` writes an open file through; it throws when the disk does not. */
  constructor(folder: string, sync: (file: number) => void = fsyncSync) {
    super(folder);
    this.#sync = sync;
  }

  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...args);
    const writeThrough = (module: unknown): void => {
      const { stream_ops } = (module as NodeFsModule).FS.filesystems.NODEFS;
      stream_ops.fsync = (stream) => {
        // A folder is opened without a file of the machine's; what is in it reaches the disk with the files.
        if (stream.nfd === undefined) return 0;
        try {
          this.#sync(stream.nfd);
        } catch (error) {
          // Nobody knows any more what is on the disk, so the process ends before it answers anything, as PostgreSQL
          // does; told of the error, the embedded server would only turn in circles.
          queueMicrotask(() => {
            throw new Error("the disk has failed to write through", { cause: error });
          });
          throw error;
        }
        this.syncs += 1;
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [writeThrough, ...(emscriptenOpts.preRun ?? [])] } as never };
  }
}

/** The part of the embedded server's file system that is changed. */
interface NodeFsModule {
  readonly FS: {
    readonly filesystems: {
      readonly NODEFS: { readonly stream_ops: { fsync?: (stream: { readonly nfd?: number }) => number } };
    };
  };
}

/**
 * Opens the embedded database in a folder of its own, for this process alone.
 * Throws {@link EmbeddedReason} when another process holds the folder, or when a commit does not reach the disk.
 */
export async function openEmbedded(
  dataDir: string,
  parseInt8: (text: string) => number,
  newFs: (folder: string) => CountingFS = (folder) => new DurableFS(folder),
): Promise<Embedded> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = await lockFolder(dataDir);
  try {
    await makeCluster(dataDir);
    for (const flag of WASM_FLAGS) setFlagsFromString(flag);
    const fs = newFs(join(dataDir, "pg"));
    const parsers = { [OIDS.int8]: parseInt8, [OIDS.timestamptz]: parseTimestamp };
    const pglite = await PGlite.create({ fs, startParams: START_PARAMS, parsers });
    await provesDurable(pglite, fs).catch(async (error: unknown) => {
      await pglite.close();
      throw error;
    });
    return { pglite, close: async () => release() };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Keeps to the baseline compiler, which is all that the embedded server needs: it spends its time on the disk and in
 * our own code. The optimizing one takes 600 MB and some seconds for one function of it as soon as that has run a
 * while. Measured on Node 24: with it, an order costs the processor about a tenth less.
 */
const WASM_FLAGS = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

/** Runs in a process of its own: makes a cluster in a folder and ends, at the latest with the one that asked for it. */
const MAKE_CLUSTER = `
  const [library, folder] = process.argv.slice(-2);
  process.once("disconnect", () => process.exit(1));
  require(library).PGlite.create(folder).then((pglite) => pglite.close()).then(() => process.exit(0));
`;

/**
 * Makes the database cluster where there is none yet: in a process of its own, because making one takes memory of which
 * only the end of a process gives all back, and under another name each time, so that one that dies over it leaves no
 * half of a cluster and does not write into the next one's.
 */
async function makeCluster(dataDir: string): Promise<void> {
  const cluster = join(dataDir, "pg");
  if (existsSync(cluster)) return;
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  const unfinished = join(dataDir, `${UNFINISHED}-${randomUUID()}`);
  const library = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const maker = fork(library, [library, unfinished], {
    execArgv: [...WASM_FLAGS, "--eval", MAKE_CLUSTER],
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const [code] = await once(maker, "exit");
  if (code !== 0) throw new EmbeddedReason("its folder cannot be filled; is there room, and may this user write there");
  writeThrough(unfinished);
  renameSync(unfinished, cluster);
  writeThrough(dataDir, false);
}

/** Asks the disk to keep a folder and what is in it, which nobody asked of it while it was written. */
function writeThrough(folder: string, withContents = true): void {
  const contents = withContents ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const entry of contents) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) writeThrough(path);
    else if (entry.isFile()) syncPath(path);
  }
  syncPath(folder);
}

function syncPath(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Two processes on one folder silently lose rows. The operating system drops this lock when the process dies. */
async function lockFolder(dataDir: string): Promise<() => void> {
  // Imported here so that a Node without it comes as far as the message that says which one is needed.
  const { DatabaseSync } = await import("node:sqlite");
  const lock = new DatabaseSync(join(dataDir, "lock.sqlite"));
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch {
    lock.close();
    throw new EmbeddedReason("another process is using this folder; stop it, or set DATA_DIR to another folder");
  }
  return () => lock.close();
}

/** Refuses to run on a file system where a commit is not written through. */
async function provesDurable(pglite: PGlite, fs: CountingFS): Promise<void> {
  await pglite.exec("create table if not exists durability_probe (at timestamptz not null)");
  const before = fs.syncs;
  await pglite.exec("delete from durability_probe; insert into durability_probe values (now())");
  if (fs.syncs === before) throw new EmbeddedReason("a commit is not written through to the disk");
}
