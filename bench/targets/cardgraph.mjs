import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { startServer } from "../lib/server-process.mjs";

/**
 * A server to measure.
 * @typedef {object} Target
 * @property {string} name
 * @property {string} title What it is made of.
 * @property {"postgres" | "embedded"} database
 * @property {"graphql" | "rest"} dialect How it is asked.
 * @property {boolean} hasOwnPackages Whether it needs what is installed into `bench/peers`.
 * @property {(parts: TargetParts) => Promise<import("../lib/server-process.mjs").ServerProcess>} start
 *
 * What it is started with.
 * @typedef {object} TargetParts
 * @property {Readonly<Record<string, string>>} env The provider accounts and the database, under Cardgraph's names.
 * @property {readonly string[]} nodeArgs
 * @property {readonly string[]} launcher
 * @property {AbortSignal} signal
 */

const SCRIPT = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** Opening cards are not polled while something is measured. */
const NEVER_MS = "999999999";
/** Personal data are sealed, as they have to be in production; several processes on one database have the same key. */
const DATA_KEYS = `bench:${randomBytes(32).toString("base64")}`;

/**
 * This server, as it is built.
 * @param {Partial<Target>} [rest]
 * @returns {Target}
 */
const asBuilt = (rest) => ({
  name: "cardgraph",
  title: "Cardgraph, on PostgreSQL",
  database: "postgres",
  dialect: "graphql",
  hasOwnPackages: false,
  start: ({ env, ...parts }) =>
    startServer({
      ...parts,
      script: SCRIPT,
      env: {
        NODE_ENV: "production",
        PORT: "0",
        AUTH: "none",
        DATA_KEYS,
        RATE_LIMIT_PER_MINUTE: "0",
        LOG_LEVEL: "silent",
        RECONCILE_SCHEDULE_MS: NEVER_MS,
        ...env,
      },
    }),
  ...rest,
});

/** On PostgreSQL, as the others are. */
export const cardgraph = asBuilt();

/** On the database that it brings along, which no other has. */
export const cardgraphEmbedded = asBuilt({
  name: "cardgraph-embedded",
  title: "Cardgraph, on its embedded database",
  database: "embedded",
});
