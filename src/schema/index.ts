import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync, type ClassType, type NonEmptyArray } from "type-graphql";

/** A resolver class, and the one instance of it that serves this schema. */
export type WiredResolver = readonly [ClassType, object];

/**
 * Builds the schema from resolvers that are already wired. Input classes are checked by the resolvers themselves, so
 * that every fault becomes a `UserError`; type-graphql's own check would answer with the whole input.
 */
export function buildSchema(resolvers: readonly WiredResolver[]): GraphQLSchema {
  const instances = new Map<unknown, object>(resolvers);
  return buildSchemaSync({
    resolvers: resolvers.map(([resolver]) => resolver) as unknown as NonEmptyArray<ClassType>,
    container: { get: (resolver) => instances.get(resolver) },
    validate: false,
  });
}
