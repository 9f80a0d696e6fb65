import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getVariableValues,
  isAbstractType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  TypeInfo,
  TypeMetaFieldDef,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { ASKED_ONCE } from "../schema/asked-once.js";

/** The type of every variable of a bare query: it takes any value as it is. */
const GIVEN = new GraphQLScalarType({ name: "Given" });

/**
 * The compiler joins the names on a field's way by this, and starts its own with it: a name that has it could be taken
 * for another field's, and `__proto__` would be no key of the answer.
 */
const RESERVED = "_";

const INTROSPECTION: ReadonlySet<string> = new Set([SchemaMetaFieldDef.name, TypeMetaFieldDef.name]);

/** The same schema, and the type that bare queries have besides. */
export function withGiven(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, GIVEN], assumeValid: true });
}

/** A query as one request asks it: which of its parts, and with which arguments. */
export interface AskedQuery {
  /** Tells apart which parts are left out. */
  readonly shape: string;
  /** The arguments, as the variables of {@link BareQuery.documentOf}. */
  readonly given: Readonly<Record<string, unknown>>;
}

interface ArguedField {
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  /** What the variables of its arguments begin with. */
  readonly prefix: string;
}

/**
 * A query of a valid document, prepared to be written without anything that is a caller's own but names: what is
 * skipped is left out, and every argument is a variable. What the arguments are, and what is skipped, GraphQL's own
 * functions say for each request, so a compiler need not know how values are read.
 */
export class BareQuery {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #conditional: readonly SelectionNode[];
  readonly #argued: ReadonlyMap<FieldNode, ArguedField>;

  private constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    parts: { readonly conditional: readonly SelectionNode[]; readonly argued: readonly ArguedField[] },
  ) {
    this.#schema = schema;
    this.#document = document;
    this.#operation = operation;
    this.#conditional = parts.conditional;
    this.#argued = new Map(parts.argued.map((field) => [field.node, field]));
  }

  /** Null for an operation that is to be executed as it is, always. */
  static of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): BareQuery | null {
    if (operation.operation !== "query") return null;
    const conditional: SelectionNode[] = [];
    const argued: ArguedField[] = [];
    let fits = true;
    const info = new TypeInfo(schema);
    const look = (node: SelectionNode): void => {
      if (node.directives?.length) conditional.push(node);
    };
    visit(
      document,
      visitWithTypeInfo(info, {
        InlineFragment: look,
        FragmentSpread: look,
        Field: (node) => {
          look(node);
          const definition = info.getFieldDef();
          fits &&= definition != null && canBeCompiled(node, definition, isAbstractType(info.getParentType()));
          if (definition?.args.length) argued.push({ node, definition, prefix: `of${argued.length}_` });
        },
      }),
    );
    return fits ? new BareQuery(schema, document, operation, { conditional, argued }) : null;
  }

  /** Null for variables that do not fit. Throws for arguments that do not. */
  asked(variables: Readonly<Record<string, unknown>> | null | undefined): AskedQuery | null {
    const { variableDefinitions = [] } = this.#operation;
    const { coerced } = getVariableValues(this.#schema, variableDefinitions, variables ?? {}, { maxErrors: 1 });
    if (!coerced) return null;
    const given: Record<string, unknown> = {};
    for (const { node, definition, prefix } of this.#argued.values()) {
      const values = getArgumentValues(definition, node, coerced);
      for (const name of Object.keys(values)) given[prefix + name] = values[name];
    }
    return { shape: this.#conditional.map((node) => (isIncluded(node, coerced) ? "1" : "0")).join(""), given };
  }

  /** The query as an operation of {@link withGiven}'s schema, without the parts that `shape` leaves out. */
  documentOf(shape: string): DocumentNode {
    const left = new Set(this.#conditional.filter((_, index) => shape[index] === "0"));
    const bare = <Node extends SelectionNode>(node: Node): Node | null =>
      left.has(node) ? null : { ...node, directives: [] };
    const definitions = [...this.#argued.values()].flatMap(({ definition, prefix }) =>
      definition.args.map(({ name }) => variableDefinition(prefix + name)),
    );
    const whole = {
      ...this.#document,
      definitions: this.#document.definitions.filter(
        (definition) => definition === this.#operation || definition.kind === Kind.FRAGMENT_DEFINITION,
      ),
    };
    return visit(whole, {
      OperationDefinition: (node) => ({ ...node, variableDefinitions: definitions, directives: [] }),
      FragmentDefinition: (node) => ({ ...node, directives: [] }),
      InlineFragment: bare,
      FragmentSpread: bare,
      Field: (node) => {
        const argued = this.#argued.get(node);
        const field = bare(node);
        return field && { ...field, arguments: argued ? variablesOf(argued) : [] };
      },
    });
  }
}

/**
 * Whether a compiler may be trusted with a field. It cannot wait for what tells the type of an answer, and what a
 * field of an interface is asked with need not be what the type behind it is. A field that must not be asked twice
 * would be, after a fault.
 */
function canBeCompiled(node: FieldNode, definition: GraphQLField<unknown, unknown>, ofAbstract: boolean): boolean {
  const type = getNamedType(definition.type);
  return (
    !(node.alias?.value.includes(RESERVED) || INTROSPECTION.has(definition.name)) &&
    !(isAbstractType(type) && type.resolveType) &&
    !(ofAbstract && definition.args.length > 0) &&
    definition.extensions[ASKED_ONCE] !== true
  );
}

/** By GraphQL's own rule. Throws for a condition that has no value. */
function isIncluded(node: SelectionNode, variables: Record<string, unknown>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}

function variablesOf({ definition, prefix }: ArguedField): readonly ArgumentNode[] {
  return definition.args.map(({ name }) => ({
    kind: Kind.ARGUMENT,
    name: nameNode(name),
    value: variable(prefix + name),
  }));
}

function variableDefinition(name: string): VariableDefinitionNode {
  const type = { kind: Kind.NAMED_TYPE as const, name: nameNode(GIVEN.name) };
  return { kind: Kind.VARIABLE_DEFINITION, variable: variable(name), type };
}

function variable(name: string): VariableNode {
  return { kind: Kind.VARIABLE, name: nameNode(name) };
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
