import { cpSync, mkdtempSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { losePower } from "../lost-power.mjs";
import { startProgram } from "../processes.mjs";
import { readOrders } from "../requests.mjs";
import { chanceOf } from "../seeded.mjs";
import { judgeWorld, settle } from "../settle.mjs";
import { storm } from "../storm.mjs";
import { removeFolder } from "../world.mjs";
import { SETTLE_MS } from "./matrix.mjs";

const RECORDER = new URL("../programs/record-writes.mjs", import.meta.url).href;
const LEAST_LIFE_MS = 100;
const MOST_LIFE_MS = 1_500;
const CONCURRENCY = 6;
const READ_BATCH = 50;

/** How far an order has come; a later state may be found, an earlier one may not. */
const RANKS = { PENDING: 0, UNCONFIRMED: 1, ACCEPTED: 2, COMPLETED: 3, FAILED: 3, NEEDS_REVIEW: 4 };

/**
 * The power fails at random moments of a storm, again and again on one embedded database. After each failure the
 * folder is what a disk would have kept, and every order that was acknowledged must be there, as far as it had come.
 * @param {import("../context.mjs").Context} context
 */
export async function runPowerLosses(context) {
  const { seed, plan } = context;
  const chance = chanceOf(seed, "power");
  return context.withDatabase("embedded", async (place) => {
    const cluster = join(place.dataDir, "pg");
    const scratch = mkdtempSync(join(tmpdir(), "cardgraph-chaos-power-"));
    const record = join(scratch, "record");
    const kept = join(scratch, "kept");
    cpSync(cluster, kept, { recursive: true });
    const env = { CHAOS_RECORD_FOLDER: cluster, CHAOS_RECORD_FILE: record };
    const world = await context.openWorld({ database: place, nodeArgs: ["--import", RECORDER], env });
    const [slot] = world.slots;
    const sent = new Map();
    const over = new AbortController();
    const rounds = [];
    const faultsFound = [];
    const checked = new Map();
    try {
      const orderNos = Array.from({ length: 100_000 }, (_, index) => `w-${index}`);
      const { servers } = world;
      const stormed = storm({ seed, orderNos, concurrency: CONCURRENCY, servers, sent, signal: over.signal });
      const onProgress = context.progress(plan.powerLosses, "power losses");
      for (let round = 1; round <= plan.powerLosses; round += 1) {
        await pause(chance.integer(LEAST_LIFE_MS, MOST_LIFE_MS));
        const promised = promisesOf(sent, checked);
        await slot.kill();
        rounds.push({
          acknowledged: promised.size,
          recordBytes: statSync(record).size,
          ...losePower({ folder: kept, record, chance }),
        });
        removeFolder(cluster);
        removeFolder(record);
        cpSync(kept, cluster, { recursive: true });
        const opened = await slot.start().then(
          () => true,
          (error) => error,
        );
        if (opened !== true) {
          faultsFound.push(`round ${round}: the database did not open: ${opened.message.slice(0, 300)}`);
          break;
        }
        faultsFound.push(...(await brokenPromises(slot.url, promised)).map((text) => `round ${round}: ${text}`));
        onProgress(round);
      }
      over.abort("enough");
      if (!slot.program.isRunning())
        return { orders: sent.size, database: "embedded", findings: {}, faultsFound, rounds: summed(rounds) };
      await stormed;
      const begun = [...sent.keys()];
      const settled = context.progress(begun.length, "settled");
      const seen = await settle({ servers, orderNos: begun, withinMs: SETTLE_MS, onProgress: settled });
      const judged = await judgeWorld(world, sent, seen);
      return {
        orders: begun.length,
        database: "embedded",
        kills: rounds.length,
        rounds: summed(rounds),
        crashes: world.crashes,
        faultsFound,
        note: `${rounds.length} power losses`,
        ...judged,
      };
    } finally {
      over.abort("over");
      await world.close();
      removeFolder(scratch);
    }
  });
}

/** The last state that each order was acknowledged in, of those that have been told something since the last look. */
function promisesOf(sent, checked) {
  const promised = new Map();
  for (const { orderNo, acknowledged } of sent.values()) {
    if (acknowledged.length === (checked.get(orderNo) ?? 0)) continue;
    checked.set(orderNo, acknowledged.length);
    promised.set(orderNo, acknowledged.at(-1));
  }
  return promised;
}

async function brokenPromises(url, promised) {
  const broken = [];
  const orderNos = [...promised.keys()];
  for (let from = 0; from < orderNos.length; from += READ_BATCH) {
    const batch = orderNos.slice(from, from + READ_BATCH);
    const found = await readOrders(url, batch);
    for (const [index, orderNo] of batch.entries()) {
      const told = promised.get(orderNo);
      const now = found[index]?.state ?? null;
      if (now === null) broken.push(`${orderNo} was acknowledged as ${told} and is gone`);
      else if (RANKS[now] < RANKS[told]) broken.push(`${orderNo} was acknowledged as ${told} and is ${now}`);
    }
  }
  return broken;
}

function summed(rounds) {
  const total = (name) => rounds.reduce((sum, round) => sum + round[name], 0);
  const names = ["acknowledged", "writes", "syncs", "droppedWrites", "tornWrites", "droppedNames", "recordBytes"];
  return { count: rounds.length, ...Object.fromEntries(names.map((name) => [name, total(name)])) };
}

/**
 * The same with the embedded database as its library ships it: it must lose rows that it promised, or not open.
 * @param {import("../context.mjs").Context} context
 */
export async function runUnsafePowerLosses(context) {
  const { seed, plan } = context;
  const chance = chanceOf(seed, "unsafe power");
  const onProgress = context.progress(plan.controlLosses, "power losses");
  let promisedRows = 0;
  let lostRows = 0;
  let unopened = 0;
  for (let round = 1; round <= plan.controlLosses; round += 1) {
    const outcome = await context.withDatabase("embedded", (place) => loseRows(place, chance));
    promisedRows += outcome.promised;
    lostRows += outcome.lost;
    unopened += outcome.opened ? 0 : 1;
    onProgress(round);
  }
  return {
    orders: promisedRows,
    database: "embedded",
    findings: { lostRows, unopened },
    failedAsItMust: lostRows > 0 || unopened > 0,
    note: `${plan.controlLosses} power losses`,
  };
}

async function loseRows(place, chance) {
  const cluster = join(place.dataDir, "pg");
  const scratch = mkdtempSync(join(tmpdir(), "cardgraph-chaos-power-"));
  const record = join(scratch, "record");
  const kept = join(scratch, "kept");
  try {
    cpSync(cluster, kept, { recursive: true });
    const env = { DATA_DIR: cluster, CHAOS_RECORD_FOLDER: cluster, CHAOS_RECORD_FILE: record };
    const program = startProgram("unsafe-rows.mjs", { env, nodeArgs: ["--import", RECORDER] });
    const promised = await insertUntilKilled(program, chance.integer(300, 1_000));
    losePower({ folder: kept, record, chance });
    const renamed = join(scratch, "opened");
    renameSync(kept, renamed);
    const again = startProgram("unsafe-rows.mjs", { env: { DATA_DIR: renamed } });
    const rows = await listening(again).then(
      () => again.ask("rows"),
      () => null,
    );
    await again.kill();
    if (rows === null) return { promised: promised.length, lost: promised.length, opened: false };
    const there = new Set(rows);
    return { promised: promised.length, lost: promised.filter((id) => !there.has(id)).length, opened: true };
  } finally {
    removeFolder(scratch);
  }
}

async function insertUntilKilled(program, lifeMs) {
  await listening(program);
  const promised = [];
  const endMs = performance.now() + lifeMs;
  for (let id = 1; performance.now() < endMs; id += 1) promised.push(await program.ask("insert", id));
  await program.kill();
  return promised;
}

/** Resolves when a program is ready; throws with what it said when it ends before. */
function listening(program) {
  const ready = new Promise((resolve) => program.on("listening", resolve));
  const ended = program.ended.then(() => Promise.reject(new Error(`it ended: ${program.errors()}`)));
  return Promise.race([ready, ended]);
}
