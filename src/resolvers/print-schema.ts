import { printSchema } from "graphql";
import { buildCardgraphSchema, type ResolverParts } from "./schema.js";

/** The schema in SDL, as it is committed at `src/schema/schema.graphql`. No service is needed to print it. */
export function printCardgraphSchema(): string {
  return `${printSchema(buildCardgraphSchema({} as ResolverParts))}\n`;
}
