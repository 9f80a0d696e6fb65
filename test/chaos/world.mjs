import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startProgram } from "./processes.mjs";

/** Bound on one provider call; the provider is late after it. */
const PROVIDER_TIMEOUT_MS = 1_500;
const LATE_MS = 2_000;
const STAGE_MS = 100;
const START_TIMEOUT_MS = 60_000;

/**
 * How a world is set up.
 * @typedef {object} WorldOptions
 * @property {string | number} seed
 * @property {number} reviewAfterMs How long an order waits for evidence before a person has to look.
 * @property {{ kind: "postgres" | "embedded", url?: string, dataDir?: string }} database
 * @property {number} [replicas] Servers on one database (1).
 * @property {boolean} [faulty] Whether the provider misbehaves (true).
 * @property {string | null} [attackOnAll] A forged callback for every order.
 * @property {number} [stageMs] Time from one stage of opening a card to the next (100).
 * @property {boolean} [dedupes] Whether the provider refuses a repeated order number (false).
 * @property {boolean} [resends] Whether the server is told that it does (the same).
 * @property {boolean} [naive] The control instead of the product.
 * @property {readonly number[]} [clockShiftsMs] How wrong each server's clock is.
 * @property {readonly string[]} [nodeArgs] For the servers.
 * @property {Readonly<Record<string, string>>} [env] For the servers.
 */

/**
 * A provider and the servers under test, all processes of their own.
 * @typedef {object} World
 * @property {import("./processes.mjs").Program} provider
 * @property {readonly Slot[]} slots
 * @property {() => readonly string[]} servers Addresses.
 * @property {string[]} crashes Servers that ended although nobody killed them, and what they could not handle.
 * @property {() => Promise<void>} close
 */

/** @param {WorldOptions} options @returns {Promise<World>} */
export async function openWorld(options) {
  const {
    seed,
    replicas = 1,
    stageMs = STAGE_MS,
    faulty = true,
    attackOnAll = null,
    dedupes = false,
    clockShiftsMs = [],
  } = options;
  const provider = startProgram("provider.mjs");
  const skewed = clockShiftsMs.some((shift) => shift !== 0);
  const account = await provider.ask("start", {
    seed,
    faulty,
    dedupes,
    attackOnAll,
    stageMs,
    lateMs: LATE_MS,
    timestampWindowMs: skewed ? 14_400_000 : undefined,
  });
  const crashes = [];
  const slots = [];
  for (let index = 0; index < replicas; index += 1) {
    const env = { ...environmentOf(options, account), PORT: String(await freePort()), ...options.env };
    env.CHAOS_CLOCK_SHIFT_MS = String(clockShiftsMs[index] ?? 0);
    slots.push(new Slot(env, options, crashes));
  }
  const servers = () => slots.map(({ url }) => url);
  await provider.ask("servers", servers());
  const close = async () => {
    await Promise.all(slots.map((slot) => slot.stop()));
    await provider.stop();
  };
  try {
    // One after the other: the first one makes the tables.
    for (const slot of slots) await slot.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { provider, slots, servers, crashes, close };
}

/** The place of one server: its address stays while processes come and go. */
export class Slot {
  #env;
  #options;
  #crashes;
  #program = null;
  #killed = false;
  /** Told the name of the point that the server stands still at. */
  onPaused = () => undefined;

  constructor(env, options, crashes) {
    this.#env = env;
    this.#options = options;
    this.#crashes = crashes;
  }

  get url() {
    return `http://127.0.0.1:${this.#env.PORT}`;
  }

  get program() {
    return this.#program;
  }

  /** Resolves when it listens. */
  async start() {
    const { naive = false, nodeArgs = [] } = this.#options;
    this.#killed = false;
    const program = startProgram(naive ? "naive-server.mjs" : "server.mjs", { env: this.#env, nodeArgs });
    this.#program = program;
    const listening = new Promise((resolve) => program.on("listening", resolve));
    program.on("paused", (name) => this.onPaused(name));
    program.on("unhandled", (error) => this.#crashes.push(`unhandled rejection: ${error}`));
    const crashed = program.ended.then(({ code, signal }) => {
      if (this.#killed) return;
      this.#crashes.push(`a server ended with ${signal ?? `code ${code}`}: ${program.errors()}`);
      throw new Error(`the server ended: ${program.errors()}`);
    });
    crashed.catch(() => undefined);
    let timer;
    const tooLate = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("the server did not start in time")), START_TIMEOUT_MS);
    });
    await Promise.race([listening, crashed, tooLate]).finally(() => clearTimeout(timer));
  }

  /** As a power cut of one process: kill -9. */
  async kill() {
    this.#killed = true;
    await this.#program?.kill();
  }

  async stop() {
    this.#killed = true;
    await this.#program?.stop();
  }
}

function environmentOf({ database, reviewAfterMs, dedupes = false, resends = dedupes }, account) {
  return {
    AUTH: "none",
    RATE_LIMIT_PER_MINUTE: "0",
    LOG_LEVEL: "silent",
    PREPAIDIFY_BASE_URL: account.url,
    PREPAIDIFY_ACCESS_KEY: account.accessKey,
    PREPAIDIFY_SECRET_KEY: account.secretKey,
    PREPAIDIFY_DEDUPES_ORDERS: String(resends),
    PROVIDER_TIMEOUT_MS: String(PROVIDER_TIMEOUT_MS),
    RECONCILE_SCHEDULE_MS: "500,1000,2000",
    UNCONFIRMED_REVIEW_AFTER_MS: String(reviewAfterMs),
    ...(database.kind === "postgres" ? { DATABASE_URL: database.url } : { DATA_DIR: database.dataDir }),
  };
}

/** A fresh folder for an embedded database, as a copy of one that has its tables in place. */
export function copyOfTemplate(templateDir) {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-chaos-"));
  cpSync(join(templateDir, "pg"), join(folder, "pg"), { recursive: true });
  return folder;
}

/** Takes a folder away. */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
}
