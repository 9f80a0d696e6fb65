import { CompiledQuery } from "kysely";
import pg from "pg";
import { openDatabase } from "../../dist/store/database.js";
import { cardgraph } from "../targets/cardgraph.mjs";
import { memoryMib, onCore } from "./cpu.mjs";
import { measure } from "./measure.mjs";
import { explainStatements } from "./plans.mjs";
import { addRows, cardIdsAmong } from "./rows.mjs";
import { setStage } from "./stage.mjs";

const SIZES = [1_000, 100_000, 1_000_000];
/** The embedded database is for one process and its data; a million orders belong elsewhere. */
const EMBEDDED_SIZES = [1_000, 100_000];
const CARDS_READ = 500;
const EFFORT = { warmUpMs: 500, warmUpRequests: 1_000, warmUpAtMostMs: 5_000, roundMs: 1_500, rounds: 3 };

const READS = [
  { id: "card by id", request: "readCard" },
  { id: "50 cards", request: "listCards" },
  { id: "50 cards of a customer", request: "cardsOfCustomer" },
  { id: "50 cards of a status", request: "cardsByStatus" },
  { id: "50 orders of a state", request: "ordersByState" },
].map((read) => ({ ...read, title: read.id, concurrency: 8 }));

/**
 * Measures how costs grow with the tables: what reads cost the server and the database, how the database comes to the
 * answers of the statements that are run all the time, and how a server starts on such a database.
 * @param {object} tools As for `measure`, and `databases`, `pins` and `signal`.
 * @param {(done: number, of: number) => void} report
 */
export async function measureGrowth(tools, report) {
  const { databases, pins, signal } = tools;
  const most = SIZES.at(-1);
  let url = "";
  const remembering = {
    open: async (kind) => {
      const place = await databases.open(kind);
      url = place.env.DATABASE_URL;
      return place;
    },
  };
  const stage = await setStage({ target: cardgraph, databases: remembering, pins, nodeArgs: [], signal });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const sizes = [];
    let rows = 0;
    for (const size of SIZES) {
      await addRows(
        (statement) => client.query(statement),
        rows,
        size,
        (done) => report(done, most),
      );
      rows = size;
      const { cardIds } = stage.facts;
      const facts = { cardIds: [...cardIdsAmong(size, CARDS_READ), ...cardIds] };
      const reads = [];
      for (const read of READS) {
        reads.push(...(await measure(read, [{ ...stage, facts }], tools, EFFORT, () => report(size, most))));
      }
      const statements = await explainStatements(url, facts);
      sizes.push({ rows: size, reads, statements, start: await startOn({ DATABASE_URL: url }, tools) });
    }
    return { sizes, embedded: await startsEmbedded(tools) };
  } finally {
    await client.end();
    await stage.close();
  }
}

/** Starts one more server on a database that is there, and ends it. */
async function startOn(database, { pins, signal }) {
  const startedMs = performance.now();
  const server = await cardgraph.start({ env: { ...SANDBOXED, ...database }, launcher: onCore(pins?.server), signal });
  const startMs = performance.now() - startedMs;
  const restMemoryMib = memoryMib(server.pid);
  await server.stop();
  return { startMs: Math.round(startMs), restMemoryMib };
}

/** No account: what is measured is the start. */
const SANDBOXED = { SANDBOX: "true" };

async function startsEmbedded(tools) {
  const place = await tools.databases.open("embedded");
  try {
    const starts = [{ rows: 0, ...(await startOn(place.env, tools)) }];
    let rows = 0;
    for (const size of EMBEDDED_SIZES) {
      const config = { kind: "embedded", dataDir: place.env.DATA_DIR };
      const { db, close } = await openDatabase(config, { onError: () => undefined });
      const execute = (statement) => db.executeQuery(CompiledQuery.raw(statement));
      await addRows(execute, rows, size, () => undefined).finally(close);
      rows = size;
      starts.push({ rows: size, ...(await startOn(place.env, tools)) });
    }
    return starts;
  } finally {
    await place.remove();
  }
}
