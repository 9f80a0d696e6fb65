import { setTimeout as pause } from "node:timers/promises";
import { requests } from "../workloads/index.mjs";
import { LIST_SIZE } from "../workloads/list-cards.mjs";
import { ask } from "./asking.mjs";
import { startProgram } from "./child-program.mjs";
import { memoryMib, onCore } from "./cpu.mjs";
import { proveReads, proveWrites } from "./prove.mjs";

/**
 * A server with its providers and its data, ready to be measured.
 * @typedef {object} Stage
 * @property {string} target
 * @property {string} title
 * @property {"postgres" | "embedded"} database
 * @property {"graphql" | "rest"} dialect
 * @property {readonly import("./server-process.mjs").ServerProcess[]} servers Several only where that is measured.
 * @property {{ cardIds: readonly string[] }} facts
 * @property {number} startMs From the start of the first process until it was ready.
 * @property {number} restMemoryMib What the first process held when it was ready.
 * @property {() => Promise<void>} close Ends every process and removes every file of it.
 */

const SETTLE_MS = 20_000;
const UPSTREAM_TIMEOUT_MS = 30_000;

/**
 * Starts one server with providers in another process, proves that it answers rightly, and opens the cards that are read
 * later.
 * @param {object} parts
 * @param {import("../targets/cardgraph.mjs").Target} parts.target
 * @param {import("./database.mjs").Databases} parts.databases
 * @param {import("./cpu.mjs").Pins | null} parts.pins
 * @param {readonly string[]} parts.nodeArgs
 * @param {AbortSignal} parts.signal
 * @param {number} [parts.processes] Servers on the one database (1); several have all the cores that are left to them.
 * @returns {Promise<Stage>}
 */
export async function setStage({ target, databases, pins, nodeArgs, signal, processes = 1 }) {
  const closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { name, title, database, dialect } = target;
    const place = await databases.open(database);
    closers.push(place.remove);
    const upstream = startProgram("upstream.mjs", { core: pins?.others });
    closers.push(upstream.stop);
    const accounts = await upstream.ask({ kind: "accounts" }, UPSTREAM_TIMEOUT_MS);
    const launcher = onCore(processes === 1 ? pins?.server : pins?.servers);
    const startedMs = performance.now();
    const servers = [];
    const startOne = async () => {
      const server = await target.start({ env: { ...accounts, ...place.env }, nodeArgs, launcher, signal });
      closers.push(server.stop);
      servers.push(server);
    };
    await startOne();
    const startMs = performance.now() - startedMs;
    const restMemoryMib = memoryMib(servers[0].pid);
    while (servers.length < processes) await startOne();
    await upstream.ask({ kind: "serve", serverUrls: servers.map(({ url }) => url) }, UPSTREAM_TIMEOUT_MS);
    const address = { url: servers[0].url, dialect };
    await proveWrites(address);
    const facts = { cardIds: await openCards(address, upstream, signal) };
    await proveReads(address, facts);
    return { target: name, title, database, dialect, servers, facts, startMs, restMemoryMib, close };
  } catch (error) {
    await close();
    throw new Error(`${target.name}: ${error.message}`, { cause: error });
  }
}

/** As many open cards as a list holds; resolves with their ids once the server has believed all the callbacks. */
async function openCards(address, upstream, signal) {
  for (let index = 0; index < LIST_SIZE; index += 1) {
    const { data, text } = await ask(address, requests.createVirtualCard, {}, index);
    if (!data || !requests.createVirtualCard.check(data)) throw new Error(`a card could not be made: ${text}`);
  }
  await upstream.ask({ kind: "activate" }, UPSTREAM_TIMEOUT_MS);
  const endMs = performance.now() + SETTLE_MS;
  for (;;) {
    const { data } = await ask(address, requests.listCards, {}, 0);
    if (data && requests.listCards.check(data)) return data.cards.edges.map(({ node }) => node.id);
    if (performance.now() > endMs) throw new Error("not every card became ACTIVE");
    await pause(100, undefined, { signal });
  }
}
