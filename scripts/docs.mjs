// Writes the reference of the schema.
import { readFileSync, writeFileSync } from "node:fs";
import { renderReference } from "./render-reference.mjs";

const at = (path) => new URL(`../${path}`, import.meta.url);

writeFileSync(at("docs/reference.md"), renderReference(readFileSync(at("src/schema/schema.graphql"), "utf8")));
