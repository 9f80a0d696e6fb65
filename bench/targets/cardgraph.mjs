import { fileURLToPath } from "node:url";
import { startServer } from "../lib/server-process.mjs";

/**
 * A server to measure.
 * @typedef {object} Target
 * @property {string} name
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

/** This server, as it is built. @type {Target} */
export const cardgraph = {
  name: "cardgraph",
  start: ({ env, ...parts }) =>
    startServer({
      ...parts,
      script: SCRIPT,
      env: {
        PORT: "0",
        AUTH: "none",
        RATE_LIMIT_PER_MINUTE: "0",
        LOG_LEVEL: "silent",
        RECONCILE_SCHEDULE_MS: NEVER_MS,
        ...env,
      },
    }),
};
