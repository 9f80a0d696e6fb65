import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { printCardgraphSubgraph } from "../../src/resolvers/print-schema.js";
import { COMPOSERS, type ComposedSubgraph } from "./composing.js";
import { CUSTOMERS_SDL } from "./customers.js";

const CARDS: ComposedSubgraph = { name: "cards", url: "http://127.0.0.1:1/graphql", sdl: printCardgraphSubgraph() };
const CUSTOMERS: ComposedSubgraph = { name: "customers", url: "http://127.0.0.1:2/graphql", sdl: CUSTOMERS_SDL };

/** A subgraph of somebody else's, with a field `other` of a type that ours has too. */
function another(definition: string): ComposedSubgraph {
  const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
  return { name: "another", url: "http://127.0.0.1:3/graphql", sdl: `${link}\n${definition}` };
}

/** An enum as our subgraph has it, with one more value, given by another subgraph. */
function wider(name: string): ComposedSubgraph {
  const [, body = ""] = new RegExp(`\\nenum ${name} \\{([^}]*)\\}`).exec(CARDS.sdl) ?? [];
  expect(body).not.toBe("");
  return another(`enum ${name} {${body} ONE_MORE }\ntype Query { other: ${name} }`);
}

describe("the committed subgraph", () => {
  it("is the one that the code builds", () => {
    expect(readFileSync("src/schema/subgraph.graphql", "utf8")).toBe(CARDS.sdl);
  });
});

describe.each(Object.entries(COMPOSERS))("composition by %s", (_name, compose) => {
  it.each([
    ["alone", [CARDS]],
    ["with customers, who extend cards and cardholders", [CARDS, CUSTOMERS]],
  ])("succeeds %s, without errors or hints", (_how, subgraphs) => {
    expect(compose(subgraphs)).toEqual({
      supergraph: expect.stringContaining("type CardOrder"),
      errors: [],
      hints: [],
    });
  });

  it("succeeds with what callers need declared", () => {
    const declared = { ...CARDS, sdl: printCardgraphSubgraph({ authDirectives: true }) };
    const { supergraph, errors, hints } = compose([declared, CUSTOMERS]);
    expect([errors, hints]).toEqual([[], []]);
    expect(supergraph).toContain('@requiresScopes(scopes: [["cards:read"]])');
    expect(supergraph).toContain("@authenticated");
  });

  it("keeps what is internal under its tag", () => {
    expect(compose([CARDS]).supergraph).toMatch(/providerCardId: String! .*@tag\(name: "internal"\)/);
  });

  it.each([
    "ProviderCode",
    "CardStatus",
    "CardLifecycle",
    "CardOrderState",
    "ErrorCode",
  ])("succeeds with a subgraph that gives %s with a value more, which the supergraph then has", (name) => {
    const { supergraph, errors } = compose([CARDS, wider(name)]);
    expect(errors).toEqual([]);
    expect(supergraph).toMatch(new RegExp(`\\nenum ${name}\\n?[^}]*ONE_MORE`));
  });

  it("would fail with an enum on both sides, which is why inputs have their own", () => {
    const joined = { ...CARDS, sdl: CARDS.sdl.replaceAll(/\b(\w+): ProviderCodeInput/g, "$1: ProviderCode") };
    expect(compose([joined, wider("ProviderCode")]).errors.join()).toContain("ProviderCode");
  });

  it("succeeds with a subgraph that has its own node and its own money", () => {
    const theirs = another(`
      interface Node { id: ID! }
      type Shop implements Node @key(fields: "id") { id: ID! turnover: Money! }
      scalar SafeInt
      type Money @shareable { amountMinor: SafeInt! currency: String! formatted: String! }
      type Query { node(id: ID!): Node }
    `);
    expect(compose([CARDS, theirs]).errors).toEqual([]);
  });
});
