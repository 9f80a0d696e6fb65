import {
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import { buildCardgraphSchema, type ResolverParts } from "../../src/resolvers/schema.js";
import { type ACCESS, neededFor } from "../../src/schema/access.js";

/** A field at the root of the schema. */
export interface RootField {
  /** Such as `Query.card`. */
  readonly place: keyof typeof ACCESS;
  readonly kind: "query" | "mutation" | "subscription";
  readonly field: GraphQLField<unknown, unknown>;
  /** The scopes that it asks for: one, or none. */
  readonly needed: ReturnType<typeof neededFor>;
}

const schema = buildCardgraphSchema({} as ResolverParts);

/** Every field at the root of the schema as it is built, so that none is forgotten. */
export const ROOT_FIELDS: readonly RootField[] = (["query", "mutation", "subscription"] as const).flatMap((kind) => {
  const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: undefined }[kind];
  const type = root ?? schema.getSubscriptionType();
  return Object.values(type?.getFields() ?? {}).map((field) => {
    const place = `${type?.name}.${field.name}` as keyof typeof ACCESS;
    return { place, kind, field, needed: neededFor(place) };
  });
});

/** A document that asks for one field at the root, with anything for its arguments. */
export function documentFor({ kind, field: { name, args } }: RootField, selection = "{ __typename }"): string {
  const given = args.filter(({ type }) => isNonNullType(type)).map((arg) => `${arg.name}: ${literal(arg.type)}`);
  return `${kind} { ${name}${given.length > 0 ? `(${given.join(", ")})` : ""} ${selection} }`;
}

function literal(type: GraphQLInputType): string {
  const named = isNonNullType(type) ? type.ofType : type;
  if (isListType(named)) return "[]";
  if (isEnumType(named)) return named.getValues()[0]?.name ?? "";
  if (!isInputObjectType(named)) return ["Int", "SafeInt"].includes(named.name) ? "1000" : '"x"';
  const fields = Object.values(named.getFields()).filter((field) => isNonNullType(field.type));
  return `{ ${fields.map((field) => `${field.name}: ${literal(field.type)}`).join(", ")} }`;
}
