import { Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from "graphql";

/** Reads a set of fields as `@key` takes it. Throws a syntax error. */
export function parseFieldSet(fields: string): SelectionSetNode {
  const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  return (operation as OperationDefinitionNode).selectionSet;
}

/** Whether a value has every field of the set, and none of them null. */
export function holds(value: unknown, { selections }: SelectionSetNode): boolean {
  if (!isRecord(value)) return false;
  return selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return false;
    const name = selection.name.value;
    const field = Object.hasOwn(value, name) ? value[name] : null;
    if (field === null || field === undefined) return false;
    return !selection.selectionSet || holds(field, selection.selectionSet);
  });
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
