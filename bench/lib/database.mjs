import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/**
 * A place for one server's data, empty, and how to take it away again.
 * @typedef {object} Place
 * @property {Readonly<Record<string, string>>} env What the server is told of it.
 * @property {() => Promise<void>} remove
 */

/**
 * The kinds of database to measure on: the embedded one, and a PostgreSQL where its address is given.
 * @param {string | undefined} postgresUrl
 * @returns {readonly { name: string, open: () => Promise<Place> }[]}
 */
export function databases(postgresUrl) {
  const embedded = { name: "embedded", open: openFolder };
  return postgresUrl ? [embedded, { name: "postgres", open: () => openDatabase(postgresUrl) }] : [embedded];
}

async function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-bench-"));
  return { env: { DATA_DIR: folder }, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

/** A database of its own on the given server, so that nothing which is there is touched or in the way. */
async function openDatabase(postgresUrl) {
  const name = `cardgraph_bench_${randomBytes(6).toString("hex")}`;
  await execute(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { env: { DATABASE_URL: url.href }, remove: () => execute(postgresUrl, `drop database ${name} with (force)`) };
}

async function execute(connectionString, statement) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
