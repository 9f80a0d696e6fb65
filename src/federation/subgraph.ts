import { getDocumentNodeFromSchema } from "@graphql-tools/utils";
import { extendSchema, type GraphQLFieldResolver, type GraphQLSchema, parse } from "graphql";
import type { SubgraphDescription } from "./description.js";
import { EntityFinder, MAX_REPRESENTATIONS } from "./entities.js";
import { acceptInputNames, enumsOfBothSides, withInputEnumsApart } from "./input-enums.js";
import { printSubgraph, withoutOmitted } from "./subgraph-sdl.js";

/** A schema that can join a supergraph. */
export interface Subgraph {
  /** Everything the schema had, and the fields that gateways ask for. */
  readonly schema: GraphQLSchema;
  /** What a supergraph is composed of; `_service` gives the same. */
  readonly sdl: string;
}

/** What gateways ask every subgraph for. */
const SERVICE = /* GraphQL */ `
  "What names an entity to this subgraph: its \`__typename\` and the fields of one of its keys. For gateways."
  scalar _Any

  "This server as a part of a supergraph. For gateways."
  type _Service {
    "The schema as a supergraph is composed of it."
    sdl: String!
  }

  extend type Query {
    "This server as a part of a supergraph. For gateways."
    _service: _Service!
  }
`;

/** What gateways ask a subgraph for that has entities. */
const entitiesOf = (types: readonly string[]): string => /* GraphQL */ `
  "Anything that can be looked up by a key. For gateways."
  union _Entity = ${types.join(" | ")}

  extend type Query {
    "Entities by their keys, in the order of the representations; null where there is none. For gateways."
    _entities(
      "What names them; at most ${MAX_REPRESENTATIONS} in one request."
      representations: [_Any!]!
    ): [_Entity]!
  }
`;

/**
 * Makes a subgraph of a schema, which itself stays as it is. Throws when the description speaks of what the schema does
 * not have.
 */
export function buildSubgraph<Context extends object>(
  schema: GraphQLSchema,
  description: SubgraphDescription<Context>,
): Subgraph {
  const shown = withoutOmitted(getDocumentNodeFromSchema(schema), description.omitted);
  const enums = enumsOfBothSides(shown);
  const sdl = printSubgraph(withInputEnumsApart(shown, enums), description);
  const types = Object.keys(description.entities);
  const additions = types.length > 0 ? [SERVICE, entitiesOf(types)] : [SERVICE];
  const extended = extendSchema(schema, parse(additions.join("\n")));
  acceptInputNames(extended, enums);
  const finder = new EntityFinder(description.entities);
  resolveWith(extended, "_service", () => ({ sdl }));
  if (types.length > 0) {
    resolveWith(extended, "_entities", (_root, { representations }, context) =>
      finder.find(representations as readonly unknown[], context as Context),
    );
  }
  return { schema: extended, sdl };
}

function resolveWith(schema: GraphQLSchema, name: string, resolve: GraphQLFieldResolver<unknown, unknown>): void {
  const field = schema.getQueryType()?.getFields()[name];
  if (!field) throw new Error("a subgraph needs a type Query");
  field.resolve = resolve;
}
