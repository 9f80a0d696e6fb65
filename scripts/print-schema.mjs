// Prints the schema as the built server has it: for the code generator and for tools, and as a part of a supergraph.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { printCardgraphSchema, printCardgraphSubgraph } from "../dist/resolvers/print-schema.js";

writeFileSync(new URL("../dist/schema.graphql", import.meta.url), printCardgraphSchema());

// Among the sources, where writing what is there already would make the build stale.
const subgraph = new URL("../src/schema/subgraph.graphql", import.meta.url);
const printed = printCardgraphSubgraph();
if (!existsSync(subgraph) || readFileSync(subgraph, "utf8") !== printed) writeFileSync(subgraph, printed);
