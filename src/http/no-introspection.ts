import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/** The fields that tell the schema: GraphQL's own, and the one that a supergraph is composed by. */
const TELLING: ReadonlySet<string> = new Set(["__schema", "__type", "_service"]);

/** A validation rule of a server that does not tell its schema. Names of types (`__typename`) are told all the same. */
export function noIntrospection(context: ValidationContext): ASTVisitor {
  return {
    Field: ({ name: { value } }) => {
      if (!TELLING.has(value)) return;
      const rule = `This server does not tell its schema, so there is no ${value} here (INTROSPECTION).`;
      context.reportError(new GraphQLError(rule));
    },
  };
}
