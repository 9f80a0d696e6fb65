import { type GraphQLSchema, printSchema } from "graphql";
import { buildCardgraphSchema, type ResolverParts } from "./schema.js";
import { buildCardgraphSubgraph } from "./subgraph.js";

/** The schema in SDL, as it is committed at `src/schema/schema.graphql`. No service is needed to print it. */
export function printCardgraphSchema(): string {
  return `${printSchema(bareSchema())}\n`;
}

/** The schema as a part of a supergraph, as it is committed at `src/schema/subgraph.graphql`. */
export function printCardgraphSubgraph(options = { authDirectives: false }): string {
  return buildCardgraphSubgraph(bareSchema(), options).sdl;
}

function bareSchema(): GraphQLSchema {
  return buildCardgraphSchema({} as ResolverParts);
}
