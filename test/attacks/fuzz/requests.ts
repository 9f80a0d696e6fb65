import type { GraphQLSchema } from "graphql";
import { DocumentMaker, type FuzzDocument } from "./documents.js";
import { deepValue, HOSTILE_TEXTS, hostileValue } from "./hostile-values.js";
import type { Seeded } from "./seeded.js";

/** One request as it goes onto the wire. */
export interface FuzzRequest {
  readonly family: Family;
  readonly method: "GET" | "POST";
  /** Behind `/graphql`. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

/** What kinds of requests there are, each with its part of all of them. */
export const FAMILIES = {
  "valid queries": 15,
  "valid mutations": 3,
  "queries with hostile values": 15,
  "mutations with hostile values": 17,
  "variables that do not fit": 12,
  "mutated documents": 18,
  "odd envelopes": 6,
  "byte noise": 5,
  "GET parameters": 4,
  "server-sent events": 5,
} as const;

/** One of {@link FAMILIES}. */
export type Family = keyof typeof FAMILIES;

const DECK: readonly Family[] = Object.entries(FAMILIES).flatMap(([family, part]) =>
  Array<Family>(part).fill(family as Family),
);
const JSON_TYPE = { "content-type": "application/json" };
const MODERN = { ...JSON_TYPE, accept: "application/graphql-response+json" };
const TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/json; x=é"];
/** What is put into a document somewhere. */
const PIECES = [
  ...["{", "}", "(", ")", "...", "@skip(if: true)", "@defer", "$x", "!", "#", '"', '"""', "\\u{110000}", "\\uD800"],
  ...[
    "fragment F on Query { ...F }",
    "query",
    "subscription",
    "null",
    "1e999",
    "__schema { types { name } }",
    "\u0000",
  ],
  ...["a: ", "é", "\u2028", "&", "|", "[[[[[[", "on", "__typename ".repeat(120), "x".repeat(400), "mutation { x }"],
];

/** Requests without end, the same for the same seed and schema. `known` are ids that there are. */
export function* fuzzRequests(
  schema: GraphQLSchema,
  choose: Seeded,
  known: readonly string[],
): Generator<FuzzRequest, never> {
  const maker = new DocumentMaker(schema, choose, known);
  for (;;) yield one(choose.pick(DECK), maker, choose);
}

function one(family: Family, maker: DocumentMaker, choose: Seeded): FuzzRequest {
  const post = (body: unknown): FuzzRequest => {
    const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return { family, method: "POST", search: "", headers: choose.chance(0.3) ? MODERN : JSON_TYPE, body: text };
  };
  const any = (): FuzzDocument =>
    maker.operation(choose.chance(0.7) ? "query" : choose.chance(0.8) ? "mutation" : "subscription", 0.1);
  switch (family) {
    case "valid queries":
      return post(maker.operation("query", 0));
    case "valid mutations":
      return post(maker.operation("mutation", 0));
    case "queries with hostile values":
      return post(maker.operation("query", 0.3));
    case "mutations with hostile values":
      return post(maker.operation("mutation", 0.25));
    case "variables that do not fit":
      return post(unfitting(maker.operation(choose.chance(0.6) ? "query" : "mutation", 0.1), choose));
    case "mutated documents":
      return post({ ...any(), query: mutated(any().query, choose) });
    case "odd envelopes":
      return { ...post(envelope(any(), choose)), headers: { "content-type": choose.pick([...TYPES, ...ONLY_JSON]) } };
    case "byte noise":
      return post(noise(any(), choose));
    case "GET parameters":
      return {
        ...post(null),
        method: "GET",
        search: parameters(any(), choose),
        headers: asksFirst(choose),
        body: null,
      };
    case "server-sent events":
      return { ...post(any()), headers: { ...JSON_TYPE, accept: "text/event-stream" } };
  }
}

const ONLY_JSON = Array<string>(15).fill("application/json");

const asksFirst = (choose: Seeded): Record<string, string> =>
  choose.chance(0.8) ? { "apollo-require-preflight": "1" } : {};

function unfitting({ query, variables }: FuzzDocument, choose: Seeded): object {
  const names = [...Object.keys(variables), "v0", "other"];
  const replaced = { ...variables, [choose.pick(names)]: hostileValue(choose) };
  const deep = choose.chance(0.1) ? { v0: deepValue(5 + choose.below(500), choose) } : {};
  return { query, variables: { ...replaced, ...deep } };
}

/** A text with some of it taken out, doubled, or replaced. */
function mutated(text: string, choose: Seeded): string {
  let now = text;
  const times = 1 + choose.below(4);
  for (let turn = 0; turn < times; turn += 1) {
    const from = choose.below(now.length + 1);
    const to = Math.min(now.length, from + choose.below(12));
    const piece = choose.pick(["", now.slice(from, to).repeat(2), choose.pick(PIECES), choose.pick(HOSTILE_TEXTS)]);
    now = now.slice(0, from) + piece + now.slice(to);
  }
  return now;
}

function envelope(document: FuzzDocument, choose: Seeded): unknown {
  const extensions = choose.pick<unknown>([
    { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } },
    { persistedQuery: hostileValue(choose) },
    { subscription: { callbackUrl: "http://169.254.169.254/", subscriptionId: "s", verifier: "v" } },
    hostileValue(choose),
  ]);
  return (
    choose.pick<unknown>([
      [document],
      Array(50).fill(document),
      { ...document, extensions },
      { extensions },
      { ...document, operationName: hostileValue(choose) },
      { ...document, variables: hostileValue(choose) },
      { ...document, query: hostileValue(choose) },
      { documentId: hostileValue(choose) },
      { ...document, extra: hostileValue(choose) },
      hostileValue(choose),
    ]) ?? null
  );
}

/** Bytes at random, or the bytes of a request with some of them changed. */
function noise(document: FuzzDocument, choose: Seeded): Buffer {
  if (choose.chance(0.3)) return Buffer.from(Array.from({ length: choose.below(2_000) }, () => choose.below(256)));
  const bytes = Buffer.from(JSON.stringify(document));
  const times = 1 + choose.below(8);
  for (let turn = 0; turn < times; turn += 1) bytes[choose.below(bytes.length)] = choose.below(256);
  return choose.chance(0.2) ? bytes.subarray(0, choose.below(bytes.length)) : bytes;
}

function parameters({ query, variables }: FuzzDocument, choose: Seeded): string {
  const given: [string, string][] = [["query", query]];
  if (choose.chance(0.7)) given.push(["variables", JSON.stringify(variables)]);
  if (choose.chance(0.2)) given.push([choose.pick(["query", "variables", "extensions"]), choose.pick(HOSTILE_TEXTS)]);
  // Longer ones are Node.js's own business, which answers 431.
  return `?${new URLSearchParams(given)}`.slice(0, 8_000);
}
