import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { HOSTILE_TEXTS, hostileValue } from "./hostile-values.js";
import type { Seeded } from "./seeded.js";

/** A document with its variables. */
export interface FuzzDocument {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** How deep selections are nested, beyond which they are one name. */
const MAX_DEPTH = 5;
const ENTITIES = ["Card", "CardHolder", "CardOrder", "CardContact", "Query", "x"];
/** Texts of the shapes that inputs ask for. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  cardRangeId: ["vab_069af8a792ad", "vab_069af8a792ad", "vab_069af8a792ad", "vab_none"],
  firstName: ["Ana", "Bob"],
  lastName: ["Silva", "Jones"],
  mobile: ["+861234789999"],
  email: ["122@merchant.example"],
  currency: ["USD", "USD", "USD", "EUR"],
  callbackUrl: ["https://127.0.0.1/hook", "https://[2606:4700::1]/hook"],
  recipientKey: ['{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}'],
  after: ["MTox", "MTpjYXJkX2ZmZg"],
  reason: ["support case 7"],
};

/** Makes documents of one schema, by default valid ones. */
export class DocumentMaker {
  readonly #schema: GraphQLSchema;
  readonly #choose: Seeded;
  /** Ids, order numbers and cursors that there are. */
  readonly #known: readonly string[];
  #variables: { readonly name: string; readonly type: string; readonly value: unknown }[] = [];
  /** How likely a value is not of the kind that its place asks for, 0 to 1. */
  #hostility = 0;

  constructor(schema: GraphQLSchema, choose: Seeded, known: readonly string[]) {
    this.#schema = schema;
    this.#known = known;
    this.#choose = choose;
  }

  /** An operation with some fields of the root. With `hostility` the values in it are what nobody expects. */
  operation(kind: "query" | "mutation" | "subscription", hostility: number): FuzzDocument {
    const root = { query: "getQueryType", mutation: "getMutationType", subscription: "getSubscriptionType" } as const;
    const type = this.#schema[root[kind]]();
    if (!type) throw new Error(`the schema has no ${kind}`);
    this.#variables = [];
    this.#hostility = hostility;
    const names = Object.values(type.getFields());
    const count = kind === "query" ? 1 + this.#choose.below(3) : 1;
    const fields = Array.from({ length: count }, (_, nth) => {
      const alias = kind === "query" ? `f${nth}: ` : "";
      return alias + this.#field(this.#choose.pick(names), 0);
    });
    const given = this.#variables.map(({ name, type: of }) => `$${name}: ${of}`).join(", ");
    return {
      query: `${kind} Fuzz${given ? `(${given})` : ""} { ${fields.join(" ")} }`,
      variables: Object.fromEntries(this.#variables.map(({ name, value }) => [name, value])),
    };
  }

  #field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    const given = args.filter((arg) => isNonNullType(arg.type) || this.#choose.chance(0.3));
    const list = given.map((arg) => `${arg.name}: ${this.#argument(arg)}`).join(", ");
    return `${name}${list ? `(${list})` : ""}${this.#selection(type, depth + 1)}`;
  }

  #selection(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    if (isAbstractType(named)) {
      const [one] = [this.#choose.pick(this.#schema.getPossibleTypes(named))];
      return ` { __typename ... on ${one?.name}${this.#selection(one as GraphQLOutputType, depth)} }`;
    }
    if (!isObjectType(named)) return "";
    if (depth > MAX_DEPTH) return " { __typename }";
    const fields = Object.values(named.getFields()).filter(() => this.#choose.chance(0.35));
    // Only what needs no alias: one field of each name.
    return ` { __typename ${fields.map((field) => this.#field(field, depth)).join(" ")} }`;
  }

  #argument(arg: GraphQLArgument): string {
    const value = this.#value(arg.type, arg.name);
    if (this.#choose.chance(0.5)) return literal(value, arg.type);
    const name = `v${this.#variables.length}`;
    this.#variables.push({ name, type: String(arg.type), value });
    return `$${name}`;
  }

  #value(type: GraphQLInputType, name: string): unknown {
    if (this.#choose.chance(this.#hostility)) return hostileValue(this.#choose);
    const inner = isNonNullType(type) ? type.ofType : type;
    if (isListType(inner)) return Array.from({ length: this.#choose.below(4) }, () => this.#value(inner.ofType, name));
    if (isEnumType(inner)) return this.#choose.pick(inner.getValues()).name;
    if (isInputObjectType(inner)) return this.#inputObject(Object.values(inner.getFields()));
    return this.#scalar(inner.name, name);
  }

  #inputObject(fields: readonly GraphQLInputField[]): Record<string, unknown> {
    const given = fields.filter((field) => isNonNullType(field.type) || this.#choose.chance(0.3));
    return Object.fromEntries(given.map((field) => [field.name, this.#value(field.type, field.name)]));
  }

  #scalar(type: string, name: string): unknown {
    if (type === "Boolean") return this.#choose.chance(0.5);
    if (type === "Int") return this.#choose.pick([1, 2, 20, 100]);
    if (type === "SafeInt") return this.#choose.pick([500, 1_000, 1_000, 500_000, 499]);
    if (type === "DateTime") return this.#choose.pick(["2026-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"]);
    if (type === "_Any") return { __typename: this.#choose.pick(ENTITIES), id: this.#text(), orderNo: this.#text() };
    if (name === "orderNo" && this.#choose.chance(0.7)) return `fuzz-${this.#choose.below(3_000)}`;
    if (FITTING[name]) return this.#choose.pick(FITTING[name]);
    return this.#text();
  }

  #text(): string {
    return this.#choose.pick(this.#choose.chance(0.6) ? this.#known : HOSTILE_TEXTS);
  }
}

/** A value as it is written in a document; names of enums are what they are. */
function literal(value: unknown, type?: GraphQLInputType): string {
  const inner = type && isNonNullType(type) ? type.ofType : type;
  if (typeof value === "string" && isEnumType(inner)) return /^[A-Z_]+$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) {
    const of = isListType(inner) ? inner.ofType : undefined;
    return `[${value.map((one) => literal(one, of)).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = isInputObjectType(inner) ? inner.getFields() : {};
  const members = Object.entries(value).map(([name, one]) => `${name}: ${literal(one, fields[name]?.type)}`);
  return `{ ${members.join(", ")} }`;
}
