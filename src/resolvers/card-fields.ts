import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { CARD_FIELDS, type CardField, type CardFields } from "../domain/card-record.js";

/** The fields of GraphQL that are made of others. */
const MADE_OF: Readonly<Record<string, readonly CardField[]>> = {
  deposit: ["depositMinor", "currency"],
  consume: ["consumeMinor", "currency"],
  balance: ["balanceMinor", "currency"],
  order: ["orderId"],
  events: ["orderId"],
};

const EVERYTHING: CardFields = new Set(CARD_FIELDS);

/** Tells which fields of cards are asked for below a field. */
export class AskedFields {
  /** What was found out about a field of a document, as long as the document is kept. */
  readonly #known = new WeakMap<FieldNode, CardFields>();

  /**
   * Fields are looked at by their names alone, wherever they stand below the resolver's own, so that none is ever
   * missed; one too many costs a column.
   */
  below({ fieldNodes, fragments }: GraphQLResolveInfo): CardFields {
    const [node] = fieldNodes;
    if (!node || fieldNodes.length > 1) return EVERYTHING;
    const known = this.#known.get(node);
    if (known) return known;
    const names = new Set<string>();
    if (node.selectionSet) collectNames(node.selectionSet, fragments, names, new Set());
    const made = new Set([...names].flatMap((name) => MADE_OF[name] ?? []));
    const fields = new Set(CARD_FIELDS.filter((field) => names.has(field) || made.has(field)));
    this.#known.set(node, fields);
    return fields;
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
