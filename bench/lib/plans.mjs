import { CompiledQuery } from "kysely";
import { SqlCardStore } from "../../dist/store/cards.js";
import { openDatabase } from "../../dist/store/database.js";
import { SqlOrderList } from "../../dist/store/order-list.js";
import { SqlOrderQueue } from "../../dist/store/order-queue.js";
import { SqlOutbox } from "../../dist/store/outbox.js";

const TENANT = "default";
const SERVED = [{ code: "PREPAIDIFY", mode: "LIVE" }];
const EVERYTHING = { provider: null, statuses: null, state: null, customerId: null, created: {} };
const FIRST_50 = { first: 50, after: null };
const LEASE_MS = 1_000;

/** Statements that are run all the time, by what they are for. */
const STATEMENTS = {
  "card by id": (db, { cardIds }) => new SqlCardStore(db).byIds(TENANT, [cardIds[0]]),
  "50 cards": (db) => new SqlCardStore(db).list(TENANT, FIRST_50, EVERYTHING),
  "50 cards of a customer": (db) =>
    new SqlCardStore(db).list(TENANT, FIRST_50, { ...EVERYTHING, customerId: "customer-7" }),
  "50 cards of a status": (db) =>
    new SqlCardStore(db).list(TENANT, FIRST_50, { ...EVERYTHING, statuses: ["CANCELED"] }),
  "50 orders of a state": (db) => new SqlOrderList(db).list(TENANT, FIRST_50, { ...EVERYTHING, state: "FAILED" }),
  "claim orders under way": (db) => new SqlOrderQueue(db).claimDue(SERVED, "under_way", 16, LEASE_MS),
  "claim settled orders": (db) => new SqlOrderQueue(db).claimDue(SERVED, "settled", 16, LEASE_MS),
  "announce changes": (db) => new SqlOutbox(db).announce(100),
};

class RolledBack extends Error {}

/**
 * How the database comes to the answers of the statements that are run all the time. What they change is undone.
 * @param {string} url Of a PostgreSQL database that a server has brought up to date.
 * @param {{ cardIds: readonly string[] }} facts
 * @returns {Promise<readonly { statement: string, ms: number, blocks: number, rowsRead: number, indexes: readonly string[],
 *   readsAllOf: readonly string[], plan: readonly string[] }[]>}
 */
export async function explainStatements(url, facts) {
  const database = await openDatabase({ kind: "postgres", url }, { onError: () => undefined });
  try {
    const explained = [];
    for (const [statement, run] of Object.entries(STATEMENTS)) {
      // Once for the caches, once for the numbers.
      await explain(database.db, (db) => run(db, facts));
      explained.push({ statement, ...(await explain(database.db, (db) => run(db, facts))) });
    }
    return explained;
  } finally {
    await database.close();
  }
}

async function explain(db, run) {
  let summary = null;
  const undone = db.transaction().execute(async (transaction) => {
    const executeQuery = async (query) => {
      const text = `explain (analyze, buffers, timing off, format json) ${query.sql}`;
      const { rows } = await transaction.executeQuery(CompiledQuery.raw(text, [...query.parameters]));
      summary = summarise(rows[0]["QUERY PLAN"][0]);
      return { rows: [] };
    };
    const explaining = new Proxy(transaction, {
      get: (target, name) => {
        if (name === "executeQuery") return executeQuery;
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await run(explaining);
    throw new RolledBack();
  });
  await undone.catch((error) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  return summary;
}

function summarise({ Plan: plan, "Execution Time": ms }) {
  const nodes = allOf(plan);
  const scans = nodes.filter((node) => /Scan$/.test(node["Node Type"]));
  return {
    ms,
    blocks: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
    rowsRead: scans.reduce((sum, node) => sum + rowsReadBy(node), 0),
    indexes: [...new Set(nodes.map((node) => node["Index Name"]).filter(Boolean))],
    readsAllOf: [
      ...new Set(nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"])),
    ],
    plan: linesOf(plan),
  };
}

/** A plan as lines to read, those below it indented. */
export function linesOf(node, depth = 0) {
  const name = [node["Node Type"], node["Index Name"] && `using ${node["Index Name"]}`]
    .concat(node["Relation Name"] && `on ${node["Relation Name"]}`, node["CTE Name"] && `on ${node["CTE Name"]}`)
    .filter(Boolean);
  const line = `${"  ".repeat(depth)}${name.join(" ")} (${node["Actual Rows"]} rows, ${node["Actual Loops"]} times)`;
  return [line, ...(node.Plans ?? []).flatMap((below) => linesOf(below, depth + 1))];
}

function allOf(plan) {
  return [plan, ...(plan.Plans ?? []).flatMap(allOf)];
}

/** Rows of a table or of an index, those that were read in vain included. */
function rowsReadBy(node) {
  if (!node["Relation Name"] && !node["Index Name"]) return 0;
  const inVain = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  return Math.round((node["Actual Rows"] + inVain) * node["Actual Loops"]);
}
