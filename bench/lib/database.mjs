import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../test/chaos/postgres.mjs";
import { keepOnCore } from "./cpu.mjs";

/**
 * A place for one server's data, empty, and how to take it away again.
 * @typedef {object} Place
 * @property {Readonly<Record<string, string>>} env What the server is told of it.
 * @property {() => Promise<void>} remove
 *
 * Where servers keep their data.
 * @typedef {object} Databases
 * @property {(kind: "postgres" | "embedded") => Promise<Place>} open
 * @property {number | null} postgresPid PostgreSQL's first process, where it is one of our own.
 * @property {string} postgresVersion
 * @property {() => Promise<void>} close
 */

/**
 * Starts a PostgreSQL for the run that writes through, or takes the one whose address is given: every server gets a
 * database of its own there, so that nothing which is there is touched or in the way.
 * @param {string | undefined} postgresUrl
 * @param {string | undefined} core Where PostgreSQL runs, if it is ours.
 * @returns {Promise<Databases>}
 */
export async function openDatabases(postgresUrl, core) {
  const postgres = await openPostgres(postgresUrl, { writesThrough: true });
  keepOnCore(postgres.pid, core);
  const openDatabase = async () => ({
    env: { DATABASE_URL: await postgres.createDatabase() },
    remove: async () => undefined,
  });
  return {
    open: (kind) => (kind === "embedded" ? openFolder() : openDatabase()),
    postgresPid: postgres.pid,
    postgresVersion: postgres.version,
    close: postgres.close,
  };
}

async function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-bench-"));
  return { env: { DATA_DIR: folder }, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}
