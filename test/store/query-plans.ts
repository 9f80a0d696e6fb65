import { CompiledQuery, type Kysely } from "kysely";
import type { Tables } from "../../src/store/tables.js";

/** A node of what `explain (analyze, format json)` says. */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A database that notes how it came to the answer of every statement. */
export function explaining(db: Kysely<Tables>): { readonly db: Kysely<Tables>; takePlan(): PlanNode } {
  let plan: PlanNode | null = null;
  const executeQuery = async (query: CompiledQuery) => {
    const explain = CompiledQuery.raw(`explain (analyze, timing off, format json) ${query.sql}`, [...query.parameters]);
    const { rows } = await db.executeQuery<{ "QUERY PLAN": readonly { readonly Plan: PlanNode }[] }>(explain);
    plan = rows[0]?.["QUERY PLAN"][0]?.Plan ?? null;
    return db.executeQuery(query);
  };
  const explained = new Proxy(db, {
    get: (target, name) => {
      if (name === "executeQuery") return executeQuery;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    db: explained,
    takePlan: () => {
      if (!plan) throw new Error("no statement was run");
      const taken = plan;
      plan = null;
      return taken;
    },
  };
}

/** What is wrong with a plan: it reads a table from end to end, sorts without bound, or reads more rows than that. */
export function planFaults(plan: PlanNode, maxRows: number): readonly string[] {
  const nodes = allOf(plan);
  const read = nodes.reduce((sum, node) => sum + rowsReadBy(node), 0);
  return [
    ...nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => `reads all of ${node["Relation Name"]}`),
    ...nodes.filter((node) => /Sort/.test(node["Node Type"]) && !isBounded(node)).map(() => "sorts without bound"),
    ...(read > maxRows ? [`reads ${read} rows`] : []),
  ];
}

function allOf(plan: PlanNode): readonly PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(allOf)];
}

/** Rows of a table or of an index, those that were read in vain included. */
function rowsReadBy(node: PlanNode): number {
  if (!/Scan$/.test(node["Node Type"]) || node["Node Type"] === "Function Scan") return 0;
  const inVain = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  return Math.round((node["Actual Rows"] + inVain) * node["Actual Loops"]);
}

/** Whether a plan could never give more rows than its statement says, however many there are in the tables. */
function isBounded(node: PlanNode): boolean {
  if (node["Node Type"] === "Limit" || node["Node Type"] === "Function Scan") return true;
  if (/Index (Only )?Scan$/.test(node["Node Type"])) return /^\(\(?(order_)?id = /.test(node["Index Cond"] ?? "");
  return node.Plans?.every(isBounded) ?? false;
}
