import { buildSchema, graphql, printSchema } from "graphql";
import { describe, expect, it } from "vitest";
import type { SubgraphDescription } from "../../src/federation/description.js";
import { buildSubgraph } from "../../src/federation/subgraph.js";

const SDL = `interface Named {
  name: String!
}

type Shop implements Named {
  name: String!
  mood: Mood
  secret: String @deprecated(reason: "not shown")
}

enum Mood {
  GOOD
  BAD
}

input Wish {
  mood: Mood! = GOOD
}

type Query {
  shops(moods: [Mood!] = [BAD], wish: Wish): [Shop!]!
  named: Named
}`;

const subgraph = (description: Partial<SubgraphDescription<object>> = {}, sdl = SDL) =>
  buildSubgraph<object>(buildSchema(sdl), { version: "v2.9", entities: {}, ...description });
const find = (): null => null;

describe("a subgraph", () => {
  it("leaves the schema that it is made of as it was", () => {
    const schema = buildSchema(SDL);
    buildSubgraph(schema, { version: "v2.9", entities: { Shop: [{ fields: "name", find }] }, omitted: ["Shop.mood"] });
    expect(printSchema(schema)).toBe(SDL);
    expect(schema.getType("MoodInput")).toBeUndefined();
  });

  it("has its links, its keys and its directives, and imports the directives that it uses", () => {
    const { sdl } = subgraph({
      entities: {
        Shop: [
          { fields: "name", find },
          { fields: "mood secret", find },
        ],
      },
      directives: [{ directive: '@tag(name: "a") @shareable', at: ["Shop.name"] }],
      links: [{ url: "https://specs.example/x/v1.0", import: ["@x"] }],
      composed: ["@x"],
    });
    const imports = '["@composeDirective", "@key", "@shareable", "@tag"]';
    expect(sdl.split("\n\n")[0]).toBe(
      [
        "extend schema",
        `  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${imports})`,
        '  @link(url: "https://specs.example/x/v1.0", import: ["@x"])',
        '  @composeDirective(name: "@x")',
      ].join("\n"),
    );
    expect(sdl).toContain('type Shop implements Named @key(fields: "name") @key(fields: "mood secret") {');
    expect(sdl).toContain('name: String! @tag(name: "a") @shareable');
    expect(sdl).toContain('secret: String @deprecated(reason: "not shown")');
  });

  it("gives the input side of an enum a name of its own, wherever it stands, and keeps its defaults", () => {
    const { sdl } = subgraph();
    expect(sdl).toContain("mood: MoodInput! = GOOD");
    expect(sdl).toContain("shops(moods: [MoodInput!] = [BAD], wish: Wish): [Shop!]!");
    expect(sdl).toContain("  mood: Mood\n");
    expect(sdl).toMatch(/enum Mood \{\n {2}GOOD\n {2}BAD\n\}\n\nenum MoodInput \{\n {2}GOOD\n {2}BAD\n\}/);
  });

  it("lets enums be that stand on one side only", () => {
    expect(subgraph({ omitted: ["Shop.mood"] }).sdl).not.toContain("MoodInput");
  });

  it("is not told of what is omitted, and serves it all the same", async () => {
    const { sdl, schema } = subgraph({ omitted: ["Named", "Query.named", "Shop.secret"] });
    expect(sdl).not.toMatch(/[Nn]amed|secret/);
    const answer = await graphql({ schema, source: "{ named { name } }", rootValue: { named: null } });
    expect(answer).toEqual({ data: { named: null } });
  });

  it("has no _entities when it has none", async () => {
    const { schema, sdl } = subgraph();
    const answer = await graphql({ schema, source: "{ _service { sdl } }" });
    expect(answer.data).toEqual({ _service: { sdl } });
    expect(schema.getQueryType()?.getFields()).not.toHaveProperty("_entities");
  });

  it.each([
    ["an entity", { entities: { Ship: [{ fields: "name", find }] } }, "no Ship"],
    ["a directive", { directives: [{ directive: "@shareable", at: ["Shop.title"] }] }, "no Shop.title"],
    ["something to omit", { omitted: ["Query.shop"] }, "no Query.shop"],
  ])("cannot be made with %s of what the schema does not have", (_what, description, reason) => {
    expect(() => subgraph(description)).toThrow(reason);
  });

  it("cannot be made when the name of an enum's input side is taken", () => {
    expect(() => subgraph({}, `${SDL} input MoodInput { a: Int }`)).toThrow("MoodInput is taken");
  });
});
