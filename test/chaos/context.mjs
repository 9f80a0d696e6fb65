import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bar } from "../../bench/lib/terminal.mjs";
import { openDatabase } from "../../dist/store/database.js";
import { openPostgres } from "./postgres.mjs";
import { copyOfTemplate, openWorld, removeFolder } from "./world.mjs";

/**
 * What every suite is given.
 * @typedef {object} Context
 * @property {string | number} seed
 * @property {import("./plan.mjs").Plan} plan
 * @property {import("./postgres.mjs").Postgres | null} postgres
 * @property {<Result>(kind: "postgres" | "embedded", use: (database: object) => Promise<Result>) => Promise<Result>}
 *   withDatabase Lends an empty database.
 * @property {(options: object) => Promise<import("./world.mjs").World>} openWorld
 * @property {(total: number, what: string) => (done: number) => void} progress
 */

/**
 * @param {{ seed: string | number, plan: object, databases: readonly string[], screen: object }} options
 * @returns {Promise<Omit<Context, "progress"> & { close: () => Promise<void>,
 *   progressOf: (title: string) => Context["progress"] }>} What steps have in common.
 */
export async function openContext({ seed, plan, databases, screen }) {
  const postgres = databases.includes("postgres") ? await openPostgres(process.env.TEST_DATABASE_URL) : null;
  const templateDir = mkdtempSync(join(tmpdir(), "cardgraph-chaos-template-"));
  const template = await openDatabase({ kind: "embedded", dataDir: templateDir }, { onError: () => undefined });
  await template.close();
  return {
    seed,
    plan,
    postgres,
    progressOf: (title) => {
      screen.status(`  ${title}`);
      return (total, what) => (done) => screen.status(`  ${title}  ${bar(done / total, 24)} ${done}/${total} ${what}`);
    },
    openWorld: (options) => openWorld({ seed, reviewAfterMs: plan.reviewAfterMs, ...options }),
    withDatabase: async (kind, use) => {
      if (kind === "postgres") return use({ kind, url: await postgres.createDatabase() });
      const dataDir = copyOfTemplate(templateDir);
      try {
        return await use({ kind, dataDir });
      } finally {
        removeFolder(dataDir);
      }
    },
    close: async () => {
      removeFolder(templateDir);
      await postgres?.close();
    },
  };
}
