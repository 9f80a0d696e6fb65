// Prints the schema as the built server has it, for the code generator and for tools.
import { writeFileSync } from "node:fs";
import { printCardgraphSchema } from "../dist/resolvers/print-schema.js";

writeFileSync(new URL("../dist/schema.graphql", import.meta.url), printCardgraphSchema());
