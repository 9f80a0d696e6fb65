import { once } from "node:events";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** PostgreSQL's type number of bigint. */
const INT8_OID = 20;

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

/** Why the embedded database cannot be used, in words that may be shown. */
export class EmbeddedReason extends Error {}

/** An embedded database and the lock on its folder. */
export interface Embedded {
  readonly pglite: PGlite;
  /** Gives the folder back. The database itself is closed by whoever uses it. */
  close(): Promise<void>;
}

/**
 * A file system for the embedded server that really writes through: the library's own answers "done" to every fsync
 * without asking the disk, so a power loss would take back what was already promised.
 */
class DurableFS extends NodeFS {
  /** How often the disk was asked to write through. */
  syncs = 0;

  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...args);
    const writeThrough = (module: unknown): void => {
      const { stream_ops } = (module as NodeFsModule).FS.filesystems.NODEFS;
      stream_ops.fsync = (stream) => {
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
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
export async function openEmbedded(dataDir: string, parseInt8: (text: string) => number): Promise<Embedded> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = await lockFolder(dataDir);
  try {
    await makeCluster(dataDir);
    const fs = new DurableFS(join(dataDir, "pg"));
    const pglite = await PGlite.create({ fs, startParams: START_PARAMS, parsers: { [INT8_OID]: parseInt8 } });
    await provesDurable(pglite, fs);
    return { pglite, close: async () => release() };
  } catch (error) {
    release();
    throw error;
  }
}

/** Runs in a thread: makes a cluster in a folder and ends. */
const MAKE_CLUSTER = `
  const { workerData } = require("node:worker_threads");
  const { PGlite } = require(workerData.library);
  PGlite.create(workerData.folder).then((pglite) => pglite.close());
`;

/**
 * Makes the database cluster where there is none yet: in a thread, because making one takes memory of which the end of
 * the thread gives most back, and under another name, so that a process that dies over it leaves no half of one.
 */
async function makeCluster(dataDir: string): Promise<void> {
  const cluster = join(dataDir, "pg");
  if (existsSync(cluster)) return;
  const unfinished = join(dataDir, "pg.unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  const library = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  await once(new Worker(MAKE_CLUSTER, { eval: true, workerData: { library, folder: unfinished } }), "exit");
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
async function provesDurable(pglite: PGlite, fs: DurableFS): Promise<void> {
  await pglite.exec("create table if not exists durability_probe (at timestamptz not null)");
  const before = fs.syncs;
  await pglite.exec("delete from durability_probe; insert into durability_probe values (now())");
  if (fs.syncs === before) throw new EmbeddedReason("a commit is not written through to the disk");
}
