import { readFileSync } from "node:fs";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";

const PATH = "src/schema/schema.graphql";
const SDL = readFileSync(PATH, "utf8");
const eslint = new ESLint();

/** The rules that a schema breaks, each once. */
async function brokenRules(sdl: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(sdl, { filePath: PATH });
  if (!result) throw new Error("the schema was not linted");
  return [...new Set(result.messages.map(({ ruleId, message }) => ruleId?.split("/")[1] ?? message))];
}

describe("the rules for the schema", () => {
  it("are kept", async () => expect(await brokenRules(SDL)).toEqual([]));

  it.each([
    ["a type that nothing leads to", 'type Extra {\n  """Its id."""\n  id: ID!\n}', ["no-unreachable-types"]],
    ["a field without a description", "type Extra {\n  id: ID!\n}", ["require-description"]],
    ["a value in small letters", 'enum Extra {\n  """V."""\n  small\n}', ["naming-convention"]],
    [
      "a deprecation without a reason",
      'type Extra {\n  """B."""\n  id: ID! @deprecated\n}',
      ["require-deprecation-reason"],
    ],
    [
      "a connection without page info",
      'type ExtraConnection {\n  """B."""\n  edges: [CardEdge]\n}',
      ["relay-connection-types"],
    ],
    ["an object without an id", 'type Extra {\n  """B."""\n  name: String\n}', ["strict-id-in-types"]],
  ])("refuse %s", async (_name, part, rules) => {
    expect(await brokenRules(`${SDL}\n"""An addition."""\n${part}\n`)).toEqual(expect.arrayContaining(rules));
  });

  it("refuse a list that cannot be paged through", async () => {
    const sdl = SDL.replace(/\bcards\([\s\S]*?\n {2}\): CardConnection!/, "cards: CardConnection!");
    expect(sdl).not.toBe(SDL);
    expect(await brokenRules(sdl)).toEqual(["relay-arguments"]);
  });
});
