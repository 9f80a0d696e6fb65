// The reference of the schema as a page, out of its SDL.
import { buildSchema, introspectionFromSchema } from "graphql";
import { renderSchema } from "graphql-markdown";

const TITLE = "The schema, part by part";
const PROLOGUE =
  "Made of the schema by `npm run docs`; its words stand in `src/schema`. A type with a `!` is never null. How the schema may change is in [schema-policy.md](schema-policy.md).";

/**
 * The page, as Markdown.
 * @param {string} sdl
 * @returns {string}
 */
export function renderReference(sdl) {
  const { __schema: schema } = introspectionFromSchema(buildSchema(sdl));
  for (const type of schema.types) {
    for (const value of [...(type.inputFields ?? []), ...(type.fields ?? []).flatMap(({ args }) => args)]) {
      // The library leaves defaults out.
      if (value.defaultValue !== null)
        value.description = `${value.description ?? ""} Default: \`${value.defaultValue}\`.`;
    }
  }
  const lines = [];
  const printer = (line) => lines.push(line);
  const tocFieldTypes = ["Query", "Mutation", "Subscription"];
  renderSchema({ __schema: schema }, { title: TITLE, prologue: PROLOGUE, printer, tocFieldTypes });
  return `${lines.join("\n").trim()}\n`;
}
