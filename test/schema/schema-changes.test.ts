import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";

interface Change {
  readonly coordinate: string;
  readonly message: string;
}

type Comparison = Readonly<Record<"breaking" | "dangerous" | "additive", readonly Change[]>>;

interface SchemaChanges {
  readonly compareSchemas: (released: string, present: string) => Promise<Comparison>;
  readonly unannounced: (comparison: Comparison, changelog: string) => readonly Change[];
  readonly deprecationFaults: (sdl: string) => readonly string[];
}

const PRESENT = readFileSync("src/schema/schema.graphql", "utf8");
const CHANGELOG = readFileSync("CHANGELOG.md", "utf8");

let changes: SchemaChanges;
beforeAll(async () => {
  changes = await import(new URL("../../scripts/schema-changes.mjs", import.meta.url).href);
});
/** A small schema to plant changes in. */
const SMALL = `
  """A card."""
  type Card { id: ID! balance: Int! tags: [String!]! }
  enum CardStatus { ACTIVE EXPIRED }
  input Order { orderNo: String! customerId: String }
  type Query { card(id: ID!): Card cardRanges(provider: String): [ID!]! place(order: Order): CardStatus }
`;
/** What the small schema would become if one piece of its text were another. */
const planted = (part: string, replacement: string): Promise<Comparison> => {
  expect(SMALL.split(part)).toHaveLength(2);
  return changes.compareSchemas(SMALL, SMALL.replace(part, replacement));
};
const coordinatesOf = (group: readonly Change[]): readonly string[] => group.map(({ coordinate }) => coordinate);

describe("the schema, beside the one that was released last", () => {
  it.each(["schema", "subgraph"])("breaks nothing in %s that the changelog does not announce", async (name) => {
    const files = [`schema/released/${name}.graphql`, `src/schema/${name}.graphql`];
    if (!files.every((file) => existsSync(file))) return expect(name).toBe("subgraph");
    const [released = "", present = ""] = files.map((file) => readFileSync(file, "utf8"));
    const comparison = await changes.compareSchemas(released, present);
    expect(changes.unannounced(comparison, CHANGELOG)).toEqual([]);
  });

  it("deprecates nothing without saying since when, and what to take instead", () => {
    expect(changes.deprecationFaults(PRESENT)).toEqual([]);
  });
});

describe("a change", () => {
  it("that adds is additive, and a new type is one line", async () => {
    const comparison = await planted("type Query {", "type Extra { id: ID! name: String } type Query {");
    expect(comparison).toMatchObject({ breaking: [], dangerous: [], additive: [{ coordinate: "Extra" }] });
  });

  it("of words alone is none", async () => {
    const comparison = await planted("A card.", "A virtual card.");
    expect(comparison).toEqual({ breaking: [], dangerous: [], additive: [] });
  });

  it("that may surprise a client, such as a new value of an enum, is dangerous", async () => {
    const comparison = await planted("EXPIRED", "EXPIRED FREEZE");
    expect(comparison).toMatchObject({ breaking: [], dangerous: [{ coordinate: "CardStatus.FREEZE" }] });
  });

  it.each([
    ["a field that goes", "balance: Int!", "", "Card.balance"],
    ["a field that may be null now", "tags: [String!]!", "tags: [String!]", "Card.tags"],
    ["an input that must be given now", "customerId: String", "customerId: String!", "Order.customerId"],
    ["an argument that must be given now", "provider: String", "provider: String!", "Query.cardRanges.provider"],
    ["a value that goes", "EXPIRED", "", "CardStatus.EXPIRED"],
    ["a query that goes", "card(id: ID!): Card", "other: Card", "Query.card"],
  ])("that breaks clients, %s, passes only when the changelog announces it", async (_name, part, other, coordinate) => {
    const comparison = await planted(part, other);
    expect(coordinatesOf(comparison.breaking)).toEqual([coordinate]);
    expect(coordinatesOf(changes.unannounced(comparison, "# Changelog\n"))).toEqual([coordinate]);
    const announced = `# Changelog\n\n## Unreleased\n\n### Breaking\n\n- \`${coordinate}\` is different.\n\n## 0.1.0\n`;
    expect(changes.unannounced(comparison, announced)).toEqual([]);
  });
});

describe("a breaking change", () => {
  const BROKEN: Comparison = {
    breaking: [{ coordinate: "Card.balance", message: "gone" }],
    dangerous: [],
    additive: [],
  };

  it.each([
    ["nowhere", "# Changelog\n"],
    ["in the section of an earlier release", "## Unreleased\n\n## 0.2.0\n\n### Breaking\n\n- `Card.balance`\n"],
    ["under another heading", "## Unreleased\n\n### Features\n\n- `Card.balance` is gone\n"],
    ["by half of its name", "## Unreleased\n\n### Breaking\n\n- `Card`, `balance` and `Card.balances`\n"],
    ["but not in the words of the schema", "## Unreleased\n\n### Breaking\n\n- Card.balance is gone\n"],
  ])("is not announced when it is named %s", (_where, changelog) => {
    expect(changes.unannounced(BROKEN, changelog)).toEqual(BROKEN.breaking);
  });

  it("is, where it is named among others below the heading", () => {
    const changelog = "## Unreleased\n\n### Features\n\n### Breaking\n\n- `Card.tags` and `Card.balance`\n\n### More\n";
    expect(changes.unannounced(BROKEN, changelog)).toEqual([]);
  });
});

describe("a deprecation", () => {
  const typeWith = (reason: string): string =>
    `type Card { status: Int old: Int @deprecated(reason: ${JSON.stringify(reason)}) } enum E { A } type Query { a: Card }`;

  it.each([
    "Since 2026-11-21: take `status`.",
    "Since 2026-11-21: take `E.A` or `Card.status`.",
  ])("is fine: %s", (text) => {
    expect(changes.deprecationFaults(typeWith(text))).toEqual([]);
  });

  it.each([
    "No longer supported",
    "Take `status`.",
    "Since 2026-11-21: it is slow.",
    "Since 2026-11-21: take `gone`.",
  ])("is not enough: %s", (text) => expect(changes.deprecationFaults(typeWith(text))).toHaveLength(1));

  it("without a reason is not enough, of a value, an argument or an input field neither", () => {
    const sdl = "enum E { A @deprecated B } input I { a: Int @deprecated } type Query { a(b: Int @deprecated): Int }";
    expect(changes.deprecationFaults(sdl).map((fault) => fault.split(" ")[0])).toEqual(["E.A", "I.a", "Query.a.b"]);
  });

  it("that was released makes a removal expected; any other removal is called sudden", async () => {
    const reason = '@deprecated(reason: "Since 2026-11-21: take `status`.")';
    const released = `type Query { status: Int! old: Int ${reason} older: Int }`;
    const { breaking } = await changes.compareSchemas(released, "type Query { status: Int! }");
    expect(breaking.map(({ coordinate, message }) => [coordinate, /it was not deprecated/.test(message)])).toEqual([
      ["Query.old", false],
      ["Query.older", true],
    ]);
  });
});
