import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { IDS, ORDER_NOS } from "./sample-reads.js";

/** A source of choices that makes the same ones for the same seed. */
export interface Choices {
  /** Whether to, with a chance of `share` in 1. */
  maybe(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

/** A document and the variables to ask it with: some that fit, some that do not. */
export interface GeneratedQuery {
  readonly text: string;
  readonly variables: readonly Readonly<Record<string, unknown>>[];
}

const MAX_DEPTH = 6;
/** How many sets of variables there are for a document. */
const SETS = 4;

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly declaration: string;
}

/** The generator "mulberry32": 32 bits of state, good enough to choose queries. */
export function choicesOf(seed: number): Choices {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    maybe: (share) => next() < share,
    pick: (values) => values[Math.floor(next() * values.length)] as (typeof values)[number],
  };
}

/** Writes queries that a schema takes: all of its fields, types and arguments, in every form that GraphQL has. */
export class QuerySource {
  readonly #schema: GraphQLSchema;
  readonly #choices: Choices;
  #variables: Variable[] = [];
  #fragments: string[] = [];
  #names = 0;

  constructor(schema: GraphQLSchema, choices: Choices) {
    this.#schema = schema;
    this.#choices = choices;
  }

  /** The next one. It may still ask for one name in two ways, which validation refuses. */
  next(): GeneratedQuery {
    this.#variables = [];
    this.#fragments = [];
    this.#names = 0;
    const selections = this.#selections(this.#schema.getQueryType() as GraphQLNamedOutputType, 0);
    const declared = this.#variables.map(({ declaration }) => declaration).join(", ");
    const name = this.#choices.maybe(0.5) ? " Read" : "";
    const text = [`query${name}${declared && ` (${declared})`} ${selections}`, ...this.#fragments].join("\n");
    const variables = Array.from({ length: SETS }, () => this.#values(this.#variables));
    return { text, variables };
  }

  #selections(type: GraphQLNamedOutputType, depth: number): string {
    const { maybe, pick } = this.#choices;
    const parts: string[] = [];
    for (let left = depth === 0 ? 1 + Number(maybe(0.3)) : pick([1, 2, 3, 3]); left > 0; left--) {
      if (isCompositeType(type) && depth > 0 && maybe(0.2)) parts.push(this.#fragment(type, depth));
      else if (maybe(0.1)) parts.push(`${this.#alias(0.3)}__typename${this.#directives()}`);
      else if (isObjectType(type) || isInterfaceType(type)) {
        const fields = Object.values(type.getFields()).filter(
          (field) => depth < MAX_DEPTH || isLeafType(getNamedType(field.type)),
        );
        if (fields.length > 0) parts.push(this.#field(pick(fields), depth));
      } else parts.push(this.#fragment(type, depth));
    }
    return `{ ${parts.length > 0 ? parts.join(" ") : "__typename"} }`;
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const args = field.args
      .filter((argument) => isRequiredArgument(argument) || this.#choices.maybe(0.6))
      .map((argument) => `${argument.name}: ${this.#argument(argument)}`);
    // Two of one name have to be asked alike, so those with arguments have names of their own, mostly.
    const alias = this.#alias(args.length > 0 ? 0.95 : 0.15);
    const below = isLeafType(type) ? "" : ` ${this.#selections(type, depth + 1)}`;
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(", ")})` : ""}${this.#directives()}${below}`;
  }

  #fragment(type: GraphQLNamedOutputType, depth: number): string {
    const { maybe, pick } = this.#choices;
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
    const on = possible.length > 0 && maybe(0.8) ? pick(possible) : type;
    const selections = this.#selections(on, depth + 1);
    if (maybe(0.3)) {
      const name = `Part${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${on.name} ${selections}`);
      return `...${name}${this.#directives()} ${maybe(0.3) ? `...${name}${this.#directives()}` : ""}`;
    }
    return `...${on === type && maybe(0.5) ? "" : ` on ${on.name}`}${this.#directives()} ${selections}`;
  }

  #alias(share: number): string {
    const { maybe, pick } = this.#choices;
    if (!maybe(share)) return "";
    this.#names += 1;
    const odd = maybe(0.03) ? pick(["__proto__", "constructor", "toString", "__context", "then", "length"]) : null;
    return `${odd ?? `${pick(["a", "id", "node_", "class"])}${this.#names}`}: `;
  }

  #directives(): string {
    const { maybe, pick } = this.#choices;
    return ["skip", "include"]
      .filter(() => maybe(0.06))
      .map((name) => {
        const condition = maybe(0.3) ? pick(["true", "false"]) : this.#condition();
        return ` @${name}(if: ${condition})`;
      })
      .join("");
  }

  #condition(): string {
    const { maybe, pick } = this.#choices;
    const known = this.#variables.filter(({ name }) => name.startsWith("when"));
    if (known.length > 0 && maybe(0.6)) return `$${pick(known).name}`;
    const type = this.#schema.getType("Boolean") as GraphQLInputType;
    const name = `when${this.#variables.length}`;
    const declaration = `$${name}: ${pick(["Boolean!", "Boolean! = true", "Boolean = false"])}`;
    this.#variables.push({ name, type, declaration });
    return `$${name}`;
  }

  #argument(argument: GraphQLArgument | GraphQLInputField): string {
    const { maybe } = this.#choices;
    if (maybe(0.5)) return this.#variable(argument);
    return this.#literal(argument.type, argument.name);
  }

  #variable({ type, name: of, defaultValue }: GraphQLArgument | GraphQLInputField): string {
    const { maybe } = this.#choices;
    const name = `${of}${this.#variables.length}`;
    const stricter = !isNonNullType(type) && maybe(0.2) ? "!" : "";
    // What has a default of its own takes a variable that may be missing.
    const looser = isNonNullType(type) && defaultValue !== undefined && maybe(0.3);
    const written = looser ? String(type).slice(0, -1) : `${type}${stricter}`;
    const byDefault = maybe(0.2) ? ` = ${this.#constant(type, of)}` : "";
    this.#variables.push({ name, type, declaration: `$${name}: ${written}${byDefault}` });
    return `$${name}`;
  }

  /** A literal that validation takes, in which there may be variables. */
  #literal(type: GraphQLInputType, of: string): string {
    const { maybe, pick } = this.#choices;
    if (isNonNullType(type)) return this.#literal(type.ofType, of);
    if (maybe(0.05)) return "null";
    if (isListType(type)) return `[${[1, 2].map(() => this.#literal(type.ofType, of)).join(", ")}]`;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isRequiredArgument(field) || maybe(0.3));
      return `{ ${fields.map((field) => `${field.name}: ${this.#argument(field)}`).join(", ")} }`;
    }
    if (isEnumType(type)) return pick(type.getValues()).name;
    if (String(type) === "_Any") {
      const { __typename, id = "x", orderNo = "x" } = this.#representation();
      return `{ __typename: ${JSON.stringify(__typename)}, id: ${JSON.stringify(id)}, orderNo: "${orderNo}" }`;
    }
    return JSON.stringify(this.#leaf(String(type), of, true));
  }

  #constant(type: GraphQLInputType, of: string): string {
    const variables = this.#variables;
    const names = variables.length;
    const literal = this.#literal(type, of);
    // A default cannot have variables of its own.
    variables.length = names;
    return literal.includes("$") ? "null" : literal;
  }

  #values(variables: readonly Variable[]): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const { name, type, declaration } of variables) {
      const mayMiss = !declaration.includes("!") || declaration.includes("=");
      if (this.#choices.maybe(mayMiss ? 0.2 : 0.01)) continue;
      values[name] = this.#value(type, name.replace(/\d+$/, ""), mayMiss);
    }
    if (this.#choices.maybe(0.1)) values.nobodyAsked = 1;
    return values;
  }

  #value(type: GraphQLInputType, of: string, mayBeNull: boolean): unknown {
    const { maybe, pick } = this.#choices;
    if (isNonNullType(type)) return this.#value(type.ofType, of, false);
    if (maybe(mayBeNull ? 0.1 : 0.01)) return null;
    if (isListType(type)) {
      return maybe(0.1)
        ? this.#value(type.ofType, of, false)
        : [1, 2, 3].map(() => this.#value(type.ofType, of, false));
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(() => maybe(0.3));
      const unknown = maybe(0.02) ? { noSuchField: 1 } : {};
      return {
        ...Object.fromEntries(fields.map((one) => [one.name, this.#value(one.type, one.name, true)])),
        ...unknown,
      };
    }
    if (isEnumType(type)) return maybe(0.05) ? "NO_SUCH_VALUE" : pick(type.getValues()).name;
    if (String(type) === "_Any") return this.#representation();
    return this.#leaf(String(type), of, false);
  }

  #leaf(type: string, of: string, onlyValid: boolean): unknown {
    const { maybe, pick } = this.#choices;
    const isOdd = !onlyValid && maybe(0.05);
    if (type === "Int")
      return isOdd ? pick([1.5, "5", 2 ** 31, true, [3]]) : pick([1, 2, 3, 5, 8, 20, 100, 0, 101, -1]);
    if (type === "Boolean") return isOdd ? pick(["true", 1, {}]) : maybe(0.5);
    if (type === "DateTime") {
      return isOdd ? pick(["yesterday", 12, {}]) : pick(["2026-01-01T00:00:00Z", "2026-01-02T03:04:05.678+02:00"]);
    }
    if (isOdd) return pick<unknown>([7, true, { a: 1 }, ["x"], 1.25]);
    if (of === "id") return pick(IDS);
    if (of === "orderNo") return pick(ORDER_NOS);
    return pick(["", "MTpjYXJkXzE", "x", 'a"b\\', "`$`", "MTox"]);
  }

  #representation(): Readonly<Record<string, unknown>> {
    const { maybe, pick } = this.#choices;
    if (maybe(0.03)) return pick([{}, { __typename: "NoSuchType", id: "1" }, { __typename: "Card" }]);
    const __typename = pick(["Card", "CardHolder", "CardContact", "CardOrder"]);
    return maybe(0.2) && __typename === "CardOrder"
      ? { __typename, orderNo: pick(ORDER_NOS) }
      : { __typename, id: pick(IDS) };
  }
}
