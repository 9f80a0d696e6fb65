import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

/** How many nodes of lists an operation may ask for: 100 cards with 100 events each, and as much again. */
const MAX_NODES = 20_000;
/** A list that is even longer is refused where it is read, by a rule of its own. */
const MAX_LENGTH = 1_000;
/** The arguments that say how long a list is: by their number, or by the number of what is looked up. */
const PAGE_SIZE = "first";
const LOOKED_UP = "representations";

/** An operation of a valid document, with its variables as they were sent. */
export interface SizedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * What is wrong with the lists that an operation asks for; null when nothing is. A list in a list counts as often as
 * the outer one is long, by the variables that were sent with the operation.
 */
export function beyondListBounds(sized: SizedOperation): GraphQLError | null {
  const { schema, operation } = sized;
  const root = schema.getRootType(operation.operation);
  const nodes = root ? new ListCount(sized).nodesOf(operation.selectionSet, root) : 0;
  if (nodes <= MAX_NODES) return null;
  const rule =
    `The lists of this operation may hold more than ${MAX_NODES} nodes together: ` +
    "a list within a list counts as often as the outer one is long. Ask for shorter pages.";
  return new GraphQLError(rule, { extensions: { code: "BAD_USER_INPUT", http: { status: 400 } } });
}

/** Counts the nodes that an operation may be answered with. */
class ListCount {
  readonly #schema: GraphQLSchema;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor({ schema, document, operation, variables }: SizedOperation) {
    this.#schema = schema;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
    const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    );
    this.#variables = { ...Object.fromEntries(defaults), ...variables };
  }

  nodesOf({ selections }: SelectionSetNode, parent: GraphQLNamedType): number {
    return selections.reduce((total, selection) => {
      if (selection.kind === Kind.FIELD) return total + this.#nodesOfField(selection, parent);
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      if (!fragment) return total;
      const type = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
      return total + this.nodesOf(fragment.selectionSet, type ?? parent);
    }, 0);
  }

  #nodesOfField(node: FieldNode, parent: GraphQLNamedType): number {
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const field = hasFields ? parent.getFields()[node.name.value] : undefined;
    // What every type has besides: it speaks of the schema, which has no pages.
    if (!field) return 0;
    const below = node.selectionSet ? this.nodesOf(node.selectionSet, getNamedType(field.type)) : 0;
    const length = this.#lengthOf(node, field);
    return length === null ? below : length * (1 + below);
  }

  /** Null for what is no list that the caller says the length of. */
  #lengthOf(node: FieldNode, { args }: GraphQLField<unknown, unknown>): number | null {
    const argument = args.find(({ name }) => name === PAGE_SIZE || name === LOOKED_UP);
    if (!argument) return null;
    const given = node.arguments?.find(({ name }) => name.value === argument.name);
    const value = given && valueFromASTUntyped(given.value, this.#variables);
    const length = value ?? argument.defaultValue;
    if (Array.isArray(length)) return length.length;
    // What is no number is refused where it is read.
    return typeof length === "number" ? Math.min(MAX_LENGTH, Math.max(0, length)) : 0;
  }
}
