// Prints the schema as the built server has it: for clients and tools, and as a part of a supergraph.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { printCardgraphSchema, printCardgraphSubgraph } from "../dist/resolvers/print-schema.js";

print("schema.graphql", printCardgraphSchema());
print("subgraph.graphql", printCardgraphSubgraph());

/** Among the sources, where writing what is there already would make the build stale. */
function print(name, text) {
  const file = new URL(`../src/schema/${name}`, import.meta.url);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}
