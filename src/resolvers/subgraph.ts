import type { GraphQLSchema } from "graphql";
import type { AppliedDirective, EntityKey, SubgraphDescription } from "../federation/description.js";
import { buildSubgraph, type Subgraph } from "../federation/subgraph.js";
import { ACCESS } from "../schema/access.js";
import type { RequestContext } from "./context.js";
import { type EntityRead, READ_BY_ID, readOrderByNo } from "./entities.js";

/** What is decided when the server starts. */
export interface SubgraphOptions {
  /** Whether the subgraph says what a caller needs; not every gateway takes such directives. */
  readonly authDirectives: boolean;
}

/** Left to this server alone: a supergraph can have only one `node`, and any subgraph might claim it. */
const OMITTED = ["Query.node", "Node"];

/** Values without an identity, which other subgraphs may well have too. */
const VALUES = ["Money", "PageInfo", "UserError"];

/** In a provider's own terms: for those who look into a case with the provider, and not for a public API. */
const INTERNAL = [
  "Card.providerStatus",
  "Card.providerCardId",
  "Card.providerUserId",
  "Card.cardSeqNo",
  "CardEvent.providerStatus",
  "CardHolder.providerCardHolderId",
  "CardContact.providerContactId",
  "UserError.providerCode",
  // Nothing that a gateway should carry.
  "RevealCardPayload.clear",
  "RevealedCard",
];

/** What a caller needs, in the words of a supergraph. */
const ACCESS_DIRECTIVES: readonly AppliedDirective[] = Object.entries(ACCESS)
  .filter(([place]) => !OMITTED.includes(place))
  .map(([place, scope]) => ({
    directive: scope ? `@requiresScopes(scopes: [["${scope}"]])` : "@authenticated",
    at: [place],
  }));

/** The schema as a part of a supergraph: it serves everything that it served, and what gateways ask for. */
export function buildCardgraphSubgraph(schema: GraphQLSchema, { authDirectives }: SubgraphOptions): Subgraph {
  const description: SubgraphDescription<RequestContext> = {
    version: "v2.9",
    entities: {
      Card: [key("id", READ_BY_ID.Card)],
      CardHolder: [key("id", READ_BY_ID.CardHolder)],
      CardContact: [key("id", READ_BY_ID.CardContact)],
      CardOrder: [key("id", READ_BY_ID.CardOrder), key("orderNo", readOrderByNo)],
    },
    directives: [
      { directive: "@shareable", at: VALUES },
      { directive: '@tag(name: "internal")', at: INTERNAL },
      ...(authDirectives ? ACCESS_DIRECTIVES : []),
    ],
    omitted: OMITTED,
  };
  return buildSubgraph(schema, description);
}

/** A key of one field. What a representation has in it is looked up only if it is a text. */
function key(field: string, read: EntityRead): EntityKey<RequestContext> {
  return {
    fields: field,
    find: (representation, context) => {
      const value = representation[field];
      return typeof value === "string" ? read(context, value) : null;
    },
  };
}
