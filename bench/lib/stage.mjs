import { setTimeout as pause } from "node:timers/promises";
import { requests } from "../workloads/index.mjs";
import { LIST_SIZE } from "../workloads/list-cards.mjs";
import { startProgram } from "./child-program.mjs";
import { onCore } from "./cpu.mjs";
import { askGraphql } from "./graphql.mjs";

/**
 * A server with its providers and its data, ready to be measured.
 * @typedef {object} Stage
 * @property {string} target
 * @property {string} database
 * @property {import("./server-process.mjs").ServerProcess} server
 * @property {{ cardIds: readonly string[] }} facts
 * @property {() => Promise<void>} close Ends every process and removes every file of it.
 */

const SETTLE_MS = 20_000;
const UPSTREAM_TIMEOUT_MS = 30_000;
const COUNT = `{ cards(first: ${LIST_SIZE}, filter: { status: ACTIVE }) { edges { node { id } } } }`;

/**
 * Starts one server with providers in another process, and opens the cards that are read later.
 * @param {object} parts
 * @param {import("../targets/cardgraph.mjs").Target} parts.target
 * @param {{ name: string, open: () => Promise<import("./database.mjs").Place> }} parts.database
 * @param {{ server: number, others: number } | null} parts.pins
 * @param {readonly string[]} parts.nodeArgs
 * @param {AbortSignal} parts.signal
 * @returns {Promise<Stage>}
 */
export async function setStage({ target, database, pins, nodeArgs, signal }) {
  const closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const place = await database.open();
    closers.push(place.remove);
    const upstream = startProgram("upstream.mjs", { core: pins?.others });
    closers.push(upstream.stop);
    const accounts = await upstream.ask({ kind: "accounts" }, UPSTREAM_TIMEOUT_MS);
    const launcher = onCore(pins?.server);
    const server = await target.start({ env: { ...accounts, ...place.env }, nodeArgs, launcher, signal });
    closers.push(server.stop);
    await upstream.ask({ kind: "serve", serverUrl: server.url }, UPSTREAM_TIMEOUT_MS);
    const facts = { cardIds: await openCards(server.url, upstream, signal) };
    return { target: target.name, database: database.name, server, facts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As many open cards as a list holds; resolves with their ids once the server has believed all the callbacks. */
async function openCards(url, upstream, signal) {
  const ask = ({ query, variables }) => askGraphql(`${url}/graphql`, query, variables, signal);
  for (let index = 0; index < LIST_SIZE; index += 1) {
    const data = await ask(requests.createVirtualCard.bodyOf({}, index));
    if (!requests.createVirtualCard.check(data)) throw new Error("the cards to read could not be made");
  }
  await upstream.ask({ kind: "activate" }, UPSTREAM_TIMEOUT_MS);
  const endMs = performance.now() + SETTLE_MS;
  for (;;) {
    const { cards } = await ask({ query: COUNT, variables: {} });
    if (cards.edges.length === LIST_SIZE) return cards.edges.map(({ node }) => node.id);
    if (performance.now() > endMs) throw new Error(`only ${cards.edges.length} cards became ACTIVE`);
    await pause(100, undefined, { signal });
  }
}
