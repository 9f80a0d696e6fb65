import {
  type DocumentNode,
  execute,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { compileQuery, isCompiledQuery } from "graphql-jit";
import { describe, expect, it } from "vitest";
import { CompiledQueries } from "../../src/http/compiled-queries.js";
import { documentRules } from "../../src/http/document-rules.js";
import type { RequestContext } from "../../src/resolvers/context.js";
import { choicesOf, QuerySource } from "./compiled/query-source.js";
import { asked, contextOf, IDS, schema, wholeSchema } from "./compiled/sample-reads.js";

const QUERIES = 10_000;
/** By which use a query is compiled. */
const USES = 5;

type Variables = Readonly<Record<string, unknown>>;

const operationOf = (document: DocumentNode) => getOperationAST(document) as OperationDefinitionNode;
const isValid = (document: DocumentNode) =>
  validate(schema, document, [...specifiedRules, ...documentRules(true)]).length === 0;
const inFull = async (document: DocumentNode, variableValues: Variables, mayReadContacts = true) =>
  JSON.stringify(
    await execute({ schema: wholeSchema, document, variableValues, contextValue: contextOf(mayReadContacts) }),
  );

/** What compiled code answers once it is there; null where GraphQL has to execute the query. */
async function compiled(
  queries: CompiledQueries<RequestContext>,
  document: DocumentNode,
  variables: Variables,
  mayReadContacts = true,
): Promise<string | null> {
  const request = { document, operation: operationOf(document), variables, context: () => contextOf(mayReadContacts) };
  for (let use = 0; use < USES; use++) {
    const data = await queries.answer(request);
    if (data) return JSON.stringify({ data });
  }
  return null;
}

/** The compiler by itself, as it comes. */
async function unguarded(document: DocumentNode, variables: Variables, mayReadContacts: boolean): Promise<string> {
  const query = compileQuery(schema, document);
  if (!isCompiledQuery(query)) return JSON.stringify(query);
  return JSON.stringify(await query.query(undefined, contextOf(mayReadContacts), variables));
}

describe("ten thousand queries of every form", () => {
  const seed = Number(process.env.QUERY_SEED ?? 1);

  it(`are answered to the byte as GraphQL answers them (QUERY_SEED=${seed})`, { timeout: 120_000 }, async () => {
    const choices = choicesOf(seed);
    const source = new QuerySource(schema, choices);
    const queries = new CompiledQueries<RequestContext>(schema);
    const seen = { queries: 0, compiled: 0, withErrors: 0, withParts: 0, withArguments: 0 };
    while (seen.queries < QUERIES) {
      const { text, variables } = source.next();
      const document = parse(text);
      if (!isValid(document)) continue;
      for (const values of variables) {
        const mayReadContacts = choices.maybe(0.8);
        const expected = await inFull(document, values, mayReadContacts);
        const answered = await compiled(queries, document, values, mayReadContacts);
        seen.queries += 1;
        if (expected.includes('"errors":')) seen.withErrors += 1;
        if (answered === null) continue;
        expect(answered, `${text}\n${JSON.stringify(values)}`).toBe(expected);
        seen.compiled += 1;
        if (/@skip|@include/.test(text)) seen.withParts += 1;
        if (/\(/.test(text)) seen.withArguments += 1;
      }
    }
    // A generator whose queries all fail, or never do, would show nothing.
    expect(seen.compiled).toBeGreaterThan(QUERIES * 0.2);
    expect(seen.withErrors).toBeGreaterThan(QUERIES * 0.1);
    expect(seen.withParts).toBeGreaterThan(QUERIES * 0.05);
    expect(seen.withArguments).toBeGreaterThan(QUERIES * 0.1);
  });

  it("would show it if the compiler were trusted with all of them", async () => {
    const choices = choicesOf(seed);
    const source = new QuerySource(schema, choices);
    let differing = 0;
    for (let document = 0; document < 200; ) {
      const { text, variables } = source.next();
      const parsed = parse(text);
      if (!isValid(parsed)) continue;
      document += 1;
      const [values = {}] = variables;
      if ((await unguarded(parse(text), values, true)) !== (await inFull(parsed, values))) differing += 1;
    }
    expect(differing).toBeGreaterThan(20);
  });
});

describe("a query", () => {
  const CARD = "query ($id: ID!) { card(id: $id) { id order { orderNo } } }";
  const there = { id: IDS[0] };

  /** How often a context was asked for, which is once for each execution of compiled code, and what was answered. */
  async function answers(text: string, eachVariables: readonly Variables[], operation?: OperationDefinitionNode) {
    const queries = new CompiledQueries<RequestContext>(schema);
    const document = parse(text);
    let executed = 0;
    const context = () => {
      executed += 1;
      return contextOf();
    };
    const told: (object | null)[] = [];
    for (const variables of eachVariables) {
      told.push(await queries.answer({ document, operation: operation ?? operationOf(document), variables, context }));
    }
    return { told, executed };
  }

  it("is compiled when it comes for the fifth time", async () => {
    const { told } = await answers(CARD, Array(6).fill(there));
    const whole = { card: { id: IDS[0], order: { orderNo: "no-0" } } };
    expect(told).toEqual([null, null, null, null, whole, whole]);
  });

  it("is left to GraphQL when it fails, and for the next four times", async () => {
    const missing = { id: IDS.find((id) => id.startsWith("card_") && id.endsWith("5")) };
    const { told, executed } = await answers(CARD, [...Array(5).fill(missing), ...Array(6).fill(there)]);
    expect(told.map((data) => data !== null)).toEqual([...Array(9).fill(false), true, true]);
    expect(executed).toBe(3);
  });

  it("is executed with a context of its own each time", async () => {
    expect((await answers(CARD, Array(7).fill(there))).executed).toBe(3);
  });

  it("with variables that do not fit is not executed at all", async () => {
    const { told, executed } = await answers(CARD, Array(7).fill({ id: {} }));
    expect({ told: told.every((data) => data === null), executed }).toEqual({ told: true, executed: 0 });
  });

  it.each([
    ["a mutation", "mutation { revealCard(input: { id: 1 }) { clear { pan } } }"],
    ["what asks for the schema", "{ __schema { queryType { name } } }"],
    ["what asks a provider, which would be asked twice", "{ cardRanges { id } }"],
    ["what has to find out a type while it waits", '{ node(id: "x") { id } }'],
    ["a name that is no key of an object", "{ __proto__: providers { code } }"],
    ["a name that could be the way to another field", "{ a_b: providers { code } }"],
  ])("is never compiled if it is %s", async (_, text) => {
    const before = asked.provider;
    const { told, executed } = await answers(text, Array(12).fill({}));
    expect({ told: told.every((data) => data === null), executed }).toEqual({ told: true, executed: 0 });
    expect(asked.provider).toBe(before);
  });

  it("is compiled in eight shapes and no more", async () => {
    const flags = ["a", "b", "c", "d"];
    const declared = flags.map((name) => `$${name}: Boolean!`).join(", ");
    const parts = flags.map((name) => `${name}: __typename @include(if: $${name})`);
    const text = `query (${declared}) { ${parts.join(" ")} }`;
    const shapes = Array.from({ length: 16 }, (_, bits) =>
      Object.fromEntries(flags.map((name, place) => [name, (bits & (1 << place)) !== 0])),
    );
    const { told } = await answers(text, [...Array(4).fill(shapes[0]), ...shapes, ...shapes]);
    const inFullShapes = shapes.map((shape) =>
      Object.fromEntries(flags.filter((name) => shape[name]).map((name) => [name, "Query"])),
    );
    expect(told.slice(4, 12)).toEqual(inFullShapes.slice(0, 8));
    expect(told.slice(12, 20)).toEqual(Array(8).fill(null));
    expect(told.slice(20, 28)).toEqual(inFullShapes.slice(0, 8));
  });

  it("never becomes code, whatever it says: the compiler itself would run it", async () => {
    const planted = globalThis as { planted?: boolean };
    const date = "__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d";
    const text = `{ cardOrder(orderNo: "${date}0),planted: globalThis.planted = true,at: new Date(0") { id } }`;
    const { told, executed } = await answers(text, Array(5).fill({}));
    expect({ told: told[4], executed, planted: planted.planted }).toEqual({ told: { cardOrder: null }, executed: 1 });
    await unguarded(parse(text), {}, true);
    expect(planted.planted).toBe(true);
    delete planted.planted;
  });
});
