import type { GraphQLObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { SCOPES } from "../../src/domain/scope.js";
import { buildCardgraphSchema, type ResolverParts } from "../../src/resolvers/schema.js";
import { ACCESS } from "../../src/schema/access.js";
import { ENTITY_TYPES } from "../../src/schema/node.type.js";

const schema = buildCardgraphSchema({} as ResolverParts);
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()] as GraphQLObjectType[];
const fields = roots.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));

describe("what a caller needs", () => {
  it("is said of every root field and of every entity, and of nothing else", () => {
    expect(Object.keys(ACCESS).sort()).toEqual([...fields, ...ENTITY_TYPES].sort());
  });

  it("is one of the scopes that there are; to change something is another one than to read it", () => {
    for (const [place, scope] of Object.entries(ACCESS)) {
      if (scope !== null) expect(SCOPES).toContain(scope);
      // To see what a card is paid with is neither to read it nor to change it.
      if (place === "Mutation.revealCard") expect(scope).toBe("cards:reveal");
      else if (place.startsWith("Mutation.")) expect(scope).toMatch(/:write$/);
      else if (scope !== null) expect(scope).toMatch(/:read$/);
    }
  });
});
