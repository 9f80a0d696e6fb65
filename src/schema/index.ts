import "reflect-metadata";
import type { GraphQLObjectType, GraphQLSchema } from "graphql";
import { type AuthCheckerFn, buildSchemaSync, type ClassType, type NonEmptyArray } from "type-graphql";
import type { Scope } from "../domain/scope.js";

/** type-graphql has no place to describe the root types. */
function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type) type.description = description;
}

/** A resolver class, and the one instance of it that serves this schema. */
export type WiredResolver = readonly [ClassType, object];

/** type-graphql asks for one, though every subscription of ours brings its own source. */
const UNUSED_PUB_SUB = {
  publish: (): never => {
    throw new Error("nothing is published through type-graphql");
  },
  subscribe: (): never => {
    throw new Error("nothing is subscribed through type-graphql");
  },
};

/**
 * Builds the schema from resolvers that are already wired. Input classes are checked by the resolvers themselves, so
 * that every fault becomes a `UserError`; type-graphql's own check would answer with the whole input.
 */
export function buildSchema<Context extends object>(
  resolvers: readonly WiredResolver[],
  authChecker: AuthCheckerFn<Context, Scope>,
): GraphQLSchema {
  const instances = new Map<unknown, object>(resolvers);
  const schema = buildSchemaSync({
    resolvers: resolvers.map(([resolver]) => resolver) as unknown as NonEmptyArray<ClassType>,
    container: { get: (resolver) => instances.get(resolver) },
    validate: false,
    authChecker,
    pubSub: UNUSED_PUB_SUB,
  });
  describe(schema.getQueryType(), "What can be asked. Reads spend nothing and change nothing.");
  describe(schema.getMutationType(), "What can be done. Every mutation may be sent again with its own key.");
  describe(schema.getSubscriptionType(), "What can be followed: over SSE or WebSocket, on the same address.");
  return schema;
}
