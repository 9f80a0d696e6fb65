import { readdirSync, readFileSync } from "node:fs";
import {
  buildSchema,
  type GraphQLObjectType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  validate,
} from "graphql";
import { describe, expect, it } from "vitest";
import { printCardgraphSchema } from "../../src/resolvers/print-schema.js";
import { buildCardgraphSchema, type ResolverParts } from "../../src/resolvers/schema.js";
import { CONTRACT } from "./contract.js";
import { partsOf } from "./schema-reading.js";

const SDL = readFileSync("src/schema/schema.graphql", "utf8");
const committed = buildSchema(SDL);
const ROOTS = ["ObjectTypeDefinition Query", "ObjectTypeDefinition Mutation"];
const built = buildCardgraphSchema({} as ResolverParts);

describe("the committed schema", () => {
  it("is the one that the code builds", () => {
    const sorted = (schema: typeof built): string => printSchema(lexicographicSortSchema(schema));
    expect(sorted(committed)).toBe(sorted(built));
  });

  it("has types, fields, arguments and values in the order in which the code declares them", () => {
    const order = (text: string): readonly string[] => partsOf(parse(text)).map(({ place }) => place);
    expect(order(SDL)).toEqual(order(printCardgraphSchema()));
  });

  it("says of every type, field, argument and value what it is", () => {
    const silent = partsOf(parse(SDL)).filter(({ described, place }) => !described && !ROOTS.includes(place));
    expect(silent).toEqual([]);
  });

  it("says what can be asked and what can be done", () => {
    const silent = partsOf(parse(SDL)).filter(({ described, place }) => !described && ROOTS.includes(place));
    expect(silent).toEqual([]);
  });

  it("would be caught with a part that says nothing", () => {
    const bare = partsOf(
      parse('"""A""" type A { b("""C""" c: Int, d: Int): Int } enum E { F } input G { """H""" h: Int }'),
    );
    expect(bare.filter(({ described }) => !described).map(({ place }) => place)).toEqual([
      "A.b: Int",
      "A.b(d: Int)",
      "EnumTypeDefinition E",
      "enum E F",
      "InputObjectTypeDefinition G",
    ]);
  });
});

describe("the contract with clients", () => {
  const present = new Set(partsOf(parse(SDL)).map(({ place }) => place));

  it.each(partsOf(parse(CONTRACT)).map(({ place }) => place))("%s", (place) => expect(present).toContain(place));

  it("has an expectation for each of its parts, and one of another type would be missed", () => {
    expect(partsOf(parse(CONTRACT)).length).toBeGreaterThan(120);
    for (const change of ["Card.last4: String!", "Query.cards(first: Int = 10)", "MoneyInput.amountMinor: Int!"]) {
      expect(present).not.toContain(change);
    }
  });

  it("asks nothing more of a client: no new input that it must give", () => {
    const promised = new Set(partsOf(parse(CONTRACT)).map(({ place }) => place));
    // A mutation that came later asks for what it needs; who does not use it gives nothing more.
    const types = new Set([...promised].map((place) => place.split(".")[0]));
    const isPromised = (field: string): boolean => [...promised].some((place) => place.startsWith(`${field}:`));
    const inputs = [...present].filter(
      (place) =>
        (/^(\w*Input|CardFilter)\./.test(place) && types.has(place.split(".")[0])) ||
        (place.includes("(") && isPromised(place.split("(")[0] ?? "")),
    );
    const demanded = inputs.filter((place) => place.endsWith("!") || place.endsWith("!)"));
    expect(demanded.filter((place) => !promised.has(place))).toEqual([]);
  });
});

describe("a card", () => {
  const forbidden = /pan$|cvc|cvv|cvn|security|secret|pin$|track|fullnumber|cardno|cardnumber|^number$/i;

  it("has no field that could hold its full number or its CVC, and nothing else has, but what was revealed", () => {
    const types = Object.values(built.getTypeMap()).filter(
      (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith("__"),
    );
    const names = types.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => forbidden.test(name.split(".")[1] ?? ""))).toEqual([
      "RevealedCard.number",
      "RevealedCard.cvc",
    ]);
    for (const name of ["pan", "cardNo", "cardNumber", "cvc", "cvv2", "number", "fullNumber"]) {
      expect(name).toMatch(forbidden);
    }
  });

  it("shows at most the first and the last digits", () => {
    const card = built.getType("Card") as GraphQLObjectType;
    const digits = Object.keys(card.getFields()).filter((name) => /bin|last|digit|number|no$/i.test(name));
    expect(digits).toEqual(["bin", "last4", "cardSeqNo"]);
  });
});

describe("the typed operations of the tests", () => {
  const files = readdirSync("test/operations").filter((name) => name.endsWith(".graphql"));
  const texts = files.map((name) => readFileSync(`test/operations/${name}`, "utf8"));
  const whole = parse(texts.join("\n"));

  it("fit the schema", () => expect(validate(built, whole)).toEqual([]));

  it("use every query and every mutation", () => {
    const used = texts.join("\n");
    const roots = [built.getQueryType(), built.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    expect(roots.filter((name) => !new RegExp(`^  ${name}\\b`, "m").test(used))).toEqual([]);
  });

  it("were generated from these very texts", () => {
    const generated = readFileSync("test/generated/gql.ts", "utf8");
    for (const text of texts) expect(generated).toContain(JSON.stringify(print(parse(text)).trim()));
  });

  it("were generated from this very schema: its enums and inputs are all there", () => {
    const generated = readFileSync("test/generated/graphql.ts", "utf8");
    const inputs = partsOf(parse(SDL)).flatMap(({ place }) => /^(\w+Input)\.(\w+):/.exec(place)?.slice(1, 3) ?? []);
    for (const name of inputs) expect(generated).toContain(name);
    for (const { place } of partsOf(parse(SDL))) {
      const value = /^enum (ProviderCode|CardStatus|CardOrderState|CardLifecycle|ErrorCode) (\w+)$/.exec(place)?.[2];
      if (value) expect(generated).toContain(value);
    }
  });
});
