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

interface Size {
  readonly depth: number;
  readonly fields: number;
}

const NOTHING: Size = { depth: 0, fields: 0 };

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
    const size = fragment ? sizeOf(fragment.selectionSet, sizeOfFragment) : NOTHING;
    measured.set(name, size);
    return size;
  };
  return {
    OperationDefinition: (operation) => {
      const { depth, fields } = sizeOf(operation.selectionSet, sizeOfFragment);
      if (depth > MAX_DEPTH) report(context, `The document nests fields deeper than ${MAX_DEPTH} levels.`);
      else if (fields > MAX_FIELDS) report(context, `The document asks for more than ${MAX_FIELDS} fields.`);
    },
  };
}

function sizeOf(selections: SelectionSetNode, sizeOfFragment: (name: string) => Size): Size {
  let depth = 0;
  let fields = 0;
  for (const selection of selections.selections) {
    const size = sizeOfSelection(selection, sizeOfFragment);
    depth = Math.max(depth, size.depth);
    fields += size.fields;
  }
  return { depth, fields };
}

function sizeOfSelection(
  selection: SelectionSetNode["selections"][number],
  sizeOfFragment: (name: string) => Size,
): Size {
  if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value);
  const below = selection.selectionSet ? sizeOf(selection.selectionSet, sizeOfFragment) : NOTHING;
  if (selection.kind === Kind.INLINE_FRAGMENT) return below;
  return { depth: below.depth + 1, fields: below.fields + 1 };
}

function report(context: ValidationContext, message: string): void {
  context.reportError(new GraphQLError(message));
}
