import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from "graphql";

/**
 * A validation rule by which an operation carries out each mutation once: a hundred aliases of one that spends would be
 * a hundred deposits that count as one operation. Selections under one name are one and the same, so fragments may each
 * ask for their part of it.
 */
export function mutationsOnce(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: ({ operation, selectionSet }) => {
      if (operation !== "mutation") return;
      const answers = new Map<string, Set<string>>();
      collect(context, selectionSet, answers, new Set());
      for (const [field, names] of answers) {
        if (names.size === 1 || field === "__typename") continue;
        const rule = `An operation may have ${field} once. Send one request for each.`;
        context.reportError(new GraphQLError(rule));
      }
    },
  };
}

/** Adds the names that each field at the root answers under, those in fragments among them. */
function collect(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  answers: Map<string, Set<string>>,
  seen: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const { name, alias = name } = selection;
      answers.set(name.value, (answers.get(name.value) ?? new Set()).add(alias.value));
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(context, selection.selectionSet, answers, seen);
    } else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) collect(context, fragment.selectionSet, answers, seen);
    }
  }
}
