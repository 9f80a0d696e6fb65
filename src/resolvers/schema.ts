import type { GraphQLSchema } from "graphql";
import type { ProviderDirectory } from "../domain/directory.js";
import { buildSchema, type WiredResolver } from "../schema/index.js";
import type { CreateCardContact } from "../services/create-card-contact.js";
import type { CreateVirtualCard } from "../services/create-virtual-card.js";
import type { ListCardRanges } from "../services/list-card-ranges.js";
import type { ReadCards } from "../services/read-cards.js";
import type { RevealCard } from "../services/reveal-card.js";
import { checkScopes } from "./authorization.js";
import { CardResolver } from "./card.resolver.js";
import { CardContactResolver } from "./card-contact.resolver.js";
import { CardOrderResolver } from "./card-order.resolver.js";
import { NodeResolver } from "./node.resolver.js";
import { ProviderResolver } from "./provider.resolver.js";
import { RevealResolver } from "./reveal.resolver.js";
import { SubscriptionResolver } from "./subscription.resolver.js";

/** The services that the resolvers call. */
export interface ResolverParts {
  readonly directory: ProviderDirectory;
  readonly createVirtualCard: CreateVirtualCard;
  readonly createCardContact: CreateCardContact;
  readonly readCards: ReadCards;
  readonly listCardRanges: ListCardRanges;
  readonly revealCard: RevealCard;
}

/** The schema with its resolvers wired to the services. */
export function buildCardgraphSchema(parts: ResolverParts): GraphQLSchema {
  const resolvers: readonly WiredResolver[] = [
    [CardContactResolver, new CardContactResolver(parts.createCardContact)],
    [CardOrderResolver, new CardOrderResolver(parts.createVirtualCard, parts.readCards)],
    [CardResolver, new CardResolver(parts.readCards)],
    [RevealResolver, new RevealResolver(parts.revealCard)],
    [NodeResolver, new NodeResolver()],
    [SubscriptionResolver, new SubscriptionResolver()],
    [ProviderResolver, new ProviderResolver(parts.directory, parts.listCardRanges)],
  ];
  return buildSchema(resolvers, checkScopes);
}
