import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { CARD_DETAILS, type CardParts } from "../domain/card-record.js";

const WHOLE: CardParts = { cardHolder: true, details: true };

/** Tells which parts of cards are asked for below a field. */
export class AskedParts {
  /** What was found out about a field of a document, as long as the document is kept. */
  readonly #known = new WeakMap<FieldNode, CardParts>();

  /**
   * Fields are looked at by their names alone, wherever they stand below the resolver's own, so that none is ever
   * missed; a part too much costs some columns.
   */
  below({ fieldNodes, fragments }: GraphQLResolveInfo): CardParts {
    const [node] = fieldNodes;
    if (!node || fieldNodes.length > 1) return WHOLE;
    const known = this.#known.get(node);
    if (known) return known;
    const names = new Set<string>();
    if (node.selectionSet) collectNames(node.selectionSet, fragments, names, new Set());
    const parts = { cardHolder: names.has("cardHolder"), details: CARD_DETAILS.some((name) => names.has(name)) };
    this.#known.set(node, parts);
    return parts;
  }
}

function collectNames(
  { selections }: SelectionSetNode,
  fragments: GraphQLResolveInfo["fragments"],
  names: Set<string>,
  seen: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    if (selection.kind !== Kind.FRAGMENT_SPREAD) {
      if (selection.selectionSet) collectNames(selection.selectionSet, fragments, names, seen);
    } else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = fragments[selection.name.value];
      if (fragment) collectNames(fragment.selectionSet, fragments, names, seen);
    }
  }
}
