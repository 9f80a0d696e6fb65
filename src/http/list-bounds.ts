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

type Variables = Readonly<Record<string, unknown>>;
/** How many nodes there may be, by the variables. */
type Count = number | ((variables: Variables) => number);

/** Says what is wrong with the lists that operations ask for. */
export class ListBounds {
  /** How the nodes of an operation are counted is found out once for each that is kept. */
  readonly #counts = new WeakMap<OperationDefinitionNode, Count>();

  /**
   * Null when nothing is wrong. A list in a list counts as often as the outer one is long, by the variables that were
   * sent with the operation.
   */
  beyond(sized: SizedOperation): GraphQLError | null {
    const { operation, variables } = sized;
    let count = this.#counts.get(operation);
    if (count === undefined) {
      count = new ListCount(sized).ofOperation(operation);
      this.#counts.set(operation, count);
    }
    if (numberOf(count, variables ?? {}) <= MAX_NODES) return null;
    const rule =
      `The lists of this operation may hold more than ${MAX_NODES} nodes together: ` +
      "a list within a list counts as often as the outer one is long. Ask for shorter pages.";
    return new GraphQLError(rule, { extensions: { code: "BAD_USER_INPUT", http: { status: 400 } } });
  }
}

/** Finds out how the nodes are counted that an operation may be answered with. */
class ListCount {
  readonly #schema: GraphQLSchema;
  readonly #defaults: Variables;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor({ schema, document, operation }: SizedOperation) {
    this.#schema = schema;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
    const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    );
    this.#defaults = Object.fromEntries(defaults);
  }

  ofOperation({ operation, selectionSet }: OperationDefinitionNode): Count {
    const root = this.#schema.getRootType(operation);
    return root ? this.#ofSelections(selectionSet, root) : 0;
  }

  #ofSelections({ selections }: SelectionSetNode, parent: GraphQLNamedType): Count {
    const counts = selections.map((selection): Count => {
      if (selection.kind === Kind.FIELD) return this.#ofField(selection, parent);
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      if (!fragment) return 0;
      const type = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
      return this.#ofSelections(fragment.selectionSet, type ?? parent);
    });
    const known = counts.reduce<number>((total, count) => total + (typeof count === "number" ? count : 0), 0);
    const others = counts.filter((count) => typeof count !== "number");
    if (others.length === 0) return known;
    return (variables) => others.reduce((total, count) => total + numberOf(count, variables), known);
  }

  #ofField(node: FieldNode, parent: GraphQLNamedType): Count {
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const field = hasFields ? parent.getFields()[node.name.value] : undefined;
    // What every type has besides: it speaks of the schema, which has no pages.
    if (!field) return 0;
    const below = node.selectionSet ? this.#ofSelections(node.selectionSet, getNamedType(field.type)) : 0;
    const length = this.#lengthOf(node, field);
    if (length === null) return below;
    if (typeof length === "number" && typeof below === "number") return length * (1 + below);
    return (variables) => numberOf(length, variables) * (1 + numberOf(below, variables));
  }

  /** Null for what is no list that the caller says the length of. */
  #lengthOf(node: FieldNode, { args }: GraphQLField<unknown, unknown>): Count | null {
    const argument = args.find(({ name }) => name === PAGE_SIZE || name === LOOKED_UP);
    if (!argument) return null;
    const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    const lengthBy = (variables: Variables): number => {
      const length =
        (given && valueFromASTUntyped(given, { ...this.#defaults, ...variables })) ?? argument.defaultValue;
      if (Array.isArray(length)) return length.length;
      // What is no number is refused where it is read.
      return typeof length === "number" ? Math.min(MAX_LENGTH, Math.max(0, length)) : 0;
    };
    return !given || given.kind === Kind.INT ? lengthBy({}) : lengthBy;
  }
}

function numberOf(count: Count, variables: Variables): number {
  return typeof count === "number" ? count : count(variables);
}
