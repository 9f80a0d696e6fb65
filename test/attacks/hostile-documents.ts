/** A request that wants to cost more than it may, with the code of its refusal. */
export interface HostileDocument {
  readonly name: string;
  readonly body: unknown;
  readonly code: string;
}

const times = (count: number, write: (nth: number) => string, between = " "): string =>
  Array.from({ length: count }, (_, nth) => write(nth)).join(between);
const nested = (depth: number, open: string, inside: string, close: string): string =>
  open.repeat(depth) + inside + close.repeat(depth);
const PARSE = "GRAPHQL_PARSE_FAILED";
const INVALID = "GRAPHQL_VALIDATION_FAILED";
const INPUT = "BAD_USER_INPUT";
const document = (name: string, query: string, code = INVALID): HostileDocument => ({ name, body: { query }, code });
const variable = (name: string, query: string, v: unknown): HostileDocument => ({
  name,
  body: { query, variables: { v } },
  code: INPUT,
});

/** Each fragment spreads the next one twice: 2 to the power of `steps` fields in a document of a few kilobytes. */
const doubling = (steps: number, leaf: string): string =>
  `{ ...F0 } ${times(steps, (nth) => `fragment F${nth} on Query { ...F${nth + 1} ...F${nth + 1} }`)}
   fragment F${steps} on Query { ${leaf} }`;
const DEEP_CARD = nested(20, "order { card { ", "id", " } }");

/** As text, because whoever writes such a thing does not do it by recursion. */
const raw = (name: string, query: string, v: string): HostileDocument => ({
  name,
  body: `{"query":${JSON.stringify(query)},"variables":{"v":${v}}}`,
  code: INPUT,
});

const CONTACT = "mutation($v: CreateCardContactInput!) { createCardContact(input: $v) { replayed } }";
const CARDS = "query($v: Int) { cards(first: $v) { edges { cursor } } }";
const ORDER = "query($v: String!) { cardOrder(orderNo: $v) { id } }";

/** Documents that cost by how they are written. */
export const COSTLY_DOCUMENTS: readonly HostileDocument[] = [
  document("101 aliases", `{ ${times(101, (nth) => `a${nth}: __typename`)} }`),
  document("300 aliases of a field that reads", `{ ${times(300, (nth) => `a${nth}: providers { code }`)} }`),
  document("101 directives on one field", `{ __typename ${times(101, () => "@include(if: true)")} }`),
  document("700 unknown directives", `{ __typename ${times(700, (nth) => `@d${nth}`)} }`),
  document("a directive that @defer is not", `{ ... @defer(label: "x") { __typename } }`),
  document("a fragment in itself", "{ ...F } fragment F on Query { ...F }"),
  document(
    "a circle of three",
    `{ ...A } ${["AB", "BC", "CA"].map(([a, b]) => `fragment ${a} on Query { ...${b} }`).join(" ")}`,
  ),
  document("a circle of 200", `{ ...F0 } ${times(200, (n) => `fragment F${n} on Query { ...F${(n + 1) % 200} }`)}`),
  document(
    "a circle beside what is valid",
    "{ ...F providers { code } } fragment F on Query { providers { code } ...F }",
  ),
  document("2 to the 10 fields", doubling(10, "__typename")),
  document("2 to the 30 fields", doubling(30, "__typename")),
  document("2 to the 150 fields", doubling(150, "__typename")),
  document("2 to the 100 aliased fields", doubling(100, "a: providers { code }")),
  document(
    "fields that conflict in 60 fragments",
    `{ ${times(60, (n) => `...F${n}`)} } ${times(60, (n) => `fragment F${n} on Query { x: card(id: "${n}") { id } }`)}`,
  ),
  document("one field written 600 times", `{ ${times(600, () => "providers")} }`),
  document("one selection written 450 times", `{ ${times(450, () => "providers { code }")} }`),
  document("a field of one name and 180 arguments", `{ ${times(180, (n) => `a: card(id: ${n}) { id }`)} }`),
  document("17 levels", `{ card(id: "x") { ${DEEP_CARD} } }`),
  document("17 levels through fragments", `{ card(id: "x") { ...F } } fragment F on Card { ${DEEP_CARD} }`),
  document("400 levels", `{ card(id: "x") { ${nested(400, "order { ", "id", " }")} } }`),
  document("2001 tokens", `{ ${times(2_000, () => "__typename")} }`, PARSE),
  document("30,000 tokens", `{ ${times(30_000, () => "a")} }`, PARSE),
  document("20,000 brackets", "[".repeat(20_000), PARSE),
  document("30,000 braces", "{".repeat(30_000), PARSE),
  document("1900 brackets in a value", `{ card(id: ${nested(950, "[", "1", "]")}) { id } }`),
  document("1900 braces in a value", `{ card(id: ${nested(460, "{a:", "1", "}")}) { id } }`),
  document("900 levels of a variable's type", `query($v: ${nested(900, "[", "ID", "]")}) { card(id: $v) { id } }`),
  document(
    "390 operations",
    times(390, (nth) => `query Q${nth} { __typename }`),
    "OPERATION_RESOLUTION_FAILURE",
  ),
  document("480 variables", `query(${times(480, (nth) => `$v${nth}: Int`)}) { __typename }`),
  document(
    "125 variables that there are not",
    `{ ${times(125, (nth) => `a: cards(first: $v${nth}) { edges { cursor } }`)} }`,
  ),
  document("400 unknown fields with near names", `{ ${times(400, (nth) => `cardOrdr${nth}`)} }`),
  document(
    "280 unknown types with near names",
    times(280, (n) => `fragment F${n} on CardOrdr${n} { id }`),
  ),
];

/** Texts and numbers that cost by their size, or are none. */
export const ODD_TEXTS: readonly HostileDocument[] = [
  document("90 kB of comments and nothing else", "# comment\n".repeat(9_000), PARSE),
  document("90 kB of commas", ",".repeat(90_000), PARSE),
  document("90 kB of blanks and a brace", `${" ".repeat(90_000)}{`, PARSE),
  document("a comment that hides the end", "{ __typename # }", PARSE),
  document("a comment that ends at a carriage return", "{ __typename # x\r nothing }"),
  document("a name of 90 kB", `{ ${"a".repeat(90_000)} }`),
  document("a number of 90,000 digits", `{ cards(first: ${"9".repeat(90_000)}) { edges { cursor } } }`),
  document("a number beyond every float", "{ cards(first: 1e400000) { edges { cursor } } }"),
  document("a number below every integer", "{ cards(first: -99999999999) { edges { cursor } } }"),
  document("a text that does not end", `{ card(id: "${"x".repeat(50_000)}) { id } }`, PARSE),
  document("a block text that does not end", `{ card(id: """${"x\n".repeat(20_000)}) { id } }`, PARSE),
  document("an escape beyond Unicode", '{ card(id: "\\u{110000}") { id } }', PARSE),
  document("half of an escaped pair", '{ card(id: "\\uD800") { id } }', PARSE),
  document("a NUL in the document", "{ __typename \u0000 }", PARSE),
  document("a byte order mark within", "{ __type\ufeffname }", INVALID),
  document("letters that look like others", "{ саrd(id: 1) { id } }", PARSE),
  document("right-to-left marks", "{ \u202e__typename }", PARSE),
  document("an emoji for a name", "{ 💳 }", PARSE),
  document("full-width braces", "｛ __typename ｝", PARSE),
];

/** Variables that cost, or that are something else than they say. */
export const ODD_VARIABLES: readonly HostileDocument[] = [
  raw("a list 5000 deep for a number", CARDS, nested(5_000, "[", "1", "]")),
  raw("an object 4000 deep for an input", CONTACT, nested(4_000, '{"input":', "1", "}")),
  variable("a list of 40,000 for a text", ORDER, Array(40_000).fill(1)),
  variable(
    "an object of 5000 unknown fields",
    CONTACT,
    Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n])),
  ),
  variable("a number beyond 32 bits", CARDS, 2 ** 31),
  variable("a fraction", CARDS, 1.5),
  variable("a text for a number", CARDS, "20"),
  variable("true for a number", CARDS, true),
  variable("a page of a thousand", CARDS, 1_000),
  variable("a page of nothing", CARDS, 0),
  variable("a page of minus one", CARDS, -1),
  {
    ...raw("a prototype", CONTACT, '{"__proto__":{"firstName":"x"},"constructor":{"prototype":{}}}'),
    code: "BAD_REQUEST",
  },
  variable("nothing where something has to be", ORDER, null),
  {
    name: "6000 variables that nobody declared, and one that is wrong",
    body: {
      query: CARDS,
      variables: { ...Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`k${n}`, n])), v: "x" },
    },
    code: INPUT,
  },
  {
    name: "1001 representations",
    body: {
      query: "query($v: [_Any!]!) { _entities(representations: $v) { __typename } }",
      variables: { v: Array(1_001).fill({ __typename: "Card", id: "x" }) },
    },
    code: INPUT,
  },
  {
    name: "representations that are no objects",
    body: {
      query: "query($v: [_Any!]!) { _entities(representations: $v) { __typename } }",
      variables: { v: [1, "x", []] },
    },
    code: INPUT,
  },
];

/** Requests that are more than one, or none. */
export const ODD_ENVELOPES: readonly HostileDocument[] = [
  { name: "a batch of two", body: Array(2).fill({ query: "{ __typename }" }), code: "BAD_REQUEST" },
  { name: "a batch of a thousand", body: Array(1_000).fill({ query: "{ __typename }" }), code: "BAD_REQUEST" },
  { name: "an empty batch", body: [], code: "BAD_REQUEST" },
  { name: "a batch in a batch", body: [[{ query: "{ __typename }" }]], code: "BAD_REQUEST" },
  { name: "a list of documents", body: { query: ["{ __typename }", "{ __typename }"] }, code: "BAD_REQUEST" },
  { name: "a list of variables", body: { query: "{ __typename }", variables: [{}, {}] }, code: "BAD_REQUEST" },
  {
    name: "a body of 100,001 bytes",
    body: { query: `{ __typename } ${"#".repeat(100_000)}` },
    code: "PAYLOAD_TOO_LARGE",
  },
  { name: "JSON 40,000 deep", body: "[".repeat(40_000), code: "BAD_REQUEST" },
];

/** The largest of what is allowed, to compare the cost of a refusal with. */
export const LARGE_AND_ALLOWED: readonly string[] = [
  `{ ${times(99, (nth) => `a${nth}: card(id: "${nth}") { id provider status lifecycle }`)} }`,
];
