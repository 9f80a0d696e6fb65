import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";

/** How deep fields may be nested. The deepest a tool asks, introspection, has some 15. */
const MAX_DEPTH = 16;
/** How many fields an operation may have once its fragments are written out. */
const MAX_FIELDS = 1_000;

/** How many of them may have an alias, and how many directives there may be. */
const MAX_ALIASES = 100;
const MAX_DIRECTIVES = 100;

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * A validation rule that bounds how much a document asks for. The bound on tokens alone is none: fragments that name
 * each other twice double with every step, so that a kilobyte asks for a million fields. Each fragment is measured
 * once, so measuring is cheap whatever the document says.
 */
export function documentBounds(context: ValidationContext): ASTVisitor {
  const measured = new Map<string, Size>();
  const sizeOfFragment = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    // A fragment that leads back to itself is refused by another rule; here it counts once.
    measured.set(name, NOTHING);
    const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(name);
    const below = fragment ? sizeOf(fragment.selectionSet, sizeOfFragment) : NOTHING;
    const size = withDirectives(below, fragment);
    measured.set(name, size);
    return size;
  };
  return {
    OperationDefinition: (operation) => {
      const { depth, fields, aliases, directives } = sizeOf(operation.selectionSet, sizeOfFragment);
      const all = directives + directivesOf(operation) + sum(operation.variableDefinitions ?? [], directivesOf);
      if (depth > MAX_DEPTH) report(context, `The document nests fields deeper than ${MAX_DEPTH} levels.`);
      else if (fields > MAX_FIELDS) report(context, `The document asks for more than ${MAX_FIELDS} fields.`);
      else if (aliases > MAX_ALIASES) report(context, `The document has more than ${MAX_ALIASES} aliases.`);
      else if (all > MAX_DIRECTIVES) report(context, `The document has more than ${MAX_DIRECTIVES} directives.`);
    },
  };
}

function sizeOf(selections: SelectionSetNode, sizeOfFragment: (name: string) => Size): Size {
  const sizes = selections.selections.map((selection) =>
    withDirectives(sizeOfSelection(selection, sizeOfFragment), selection),
  );
  return {
    depth: sizes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0),
    fields: sum(sizes, ({ fields }) => fields),
    aliases: sum(sizes, ({ aliases }) => aliases),
    directives: sum(sizes, ({ directives }) => directives),
  };
}

function sizeOfSelection(
  selection: SelectionSetNode["selections"][number],
  sizeOfFragment: (name: string) => Size,
): Size {
  if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value);
  const below = selection.selectionSet ? sizeOf(selection.selectionSet, sizeOfFragment) : NOTHING;
  if (selection.kind === Kind.INLINE_FRAGMENT) return below;
  const aliases = below.aliases + (selection.alias ? 1 : 0);
  return { ...below, depth: below.depth + 1, fields: below.fields + 1, aliases };
}

interface Directed {
  readonly directives?: readonly unknown[] | undefined;
}

function withDirectives(size: Size, node: Directed | null | undefined): Size {
  return node ? { ...size, directives: size.directives + directivesOf(node) } : size;
}

function directivesOf({ directives = [] }: Directed): number {
  return directives.length;
}

function sum<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}

function report(context: ValidationContext, message: string): void {
  context.reportError(new GraphQLError(message));
}
