import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import { CARD_STATUSES, type CardStatus, lifecycleOf } from "../domain/card-status.js";
import type { CardFilter } from "../domain/card-store.js";
import { isCardId } from "../domain/ids.js";
import { neededFor } from "../schema/access.js";
import { CardType } from "../schema/card.type.js";
import { CardOrderType } from "../schema/card-order.type.js";
import { type CardFilterInput, CardsArgs } from "../schema/cards.args.js";
import { CardConnectionType } from "../schema/connection.type.js";
import { CardEventConnectionType } from "../schema/event.type.js";
import { EventsArgs } from "../schema/events.args.js";
import type { ReadCards } from "../services/read-cards.js";
import { AskedFields } from "./card-fields.js";
import type { RequestContext } from "./context.js";
import { connectionOf, readPage } from "./cursor.js";
import { presentCardEvents, readEventPage } from "./events.js";
import { readCreated, readCustomer } from "./filters.js";
import { type PresentedCard, presentOrder, presentShownCard } from "./present.js";

/** Reads cards. */
@Resolver(() => CardType)
export class CardResolver {
  readonly #readCards: ReadCards;
  readonly #asked = new AskedFields();

  constructor(readCards: ReadCards) {
    this.#readCards = readCards;
  }

  @Authorized(neededFor("Query.card"))
  @Query(() => CardType, { nullable: true, description: "A card by our id. Null when there is none." })
  async card(
    @Arg("id", () => ID, { description: "Our id of the card." }) id: string,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CardType | null> {
    if (!isCardId(id)) return null;
    const card = await this.#readCards.shownCard(context.identity, id, this.#asked.below(info));
    return card && presentShownCard(card);
  }

  @Authorized(neededFor("Query.cards"))
  @Query(() => CardConnectionType, { description: "Cards, newest first." })
  async cards(
    @Args(() => CardsArgs) args: CardsArgs,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CardConnectionType> {
    const page = readPage(args, isCardId);
    const cards = await this.#readCards.list(context.identity, page, toFilter(args.filter), this.#asked.below(info));
    return connectionOf(cards, page, (card) => ({ place: card.id, node: presentShownCard(card) }));
  }

  @FieldResolver(() => CardOrderType, { description: "The order that the card came of." })
  async order(@Root() card: PresentedCard, @Ctx() context: RequestContext): Promise<CardOrderType> {
    const view = await context.orders.load(card.orderId);
    if (!view) throw new Error("a card's order is missing");
    return presentOrder(view);
  }

  @FieldResolver(() => CardEventConnectionType, { description: "The card's history, oldest first." })
  async events(
    @Root() card: PresentedCard,
    @Args(() => EventsArgs) args: EventsArgs,
    @Ctx() context: RequestContext,
  ): Promise<CardEventConnectionType> {
    const page = readEventPage(args, true);
    return presentCardEvents(await context.events.load(card.orderId, page), page);
  }
}

function toFilter(filter: CardFilterInput | null | undefined): CardFilter {
  const { provider, status, lifecycle, customerId } = filter ?? {};
  const fits = (candidate: CardStatus): boolean =>
    (!status || candidate === status) && (!lifecycle || lifecycleOf(candidate) === lifecycle);
  return {
    provider,
    customerId: readCustomer(customerId),
    statuses: status || lifecycle ? CARD_STATUSES.filter(fits) : null,
    created: readCreated(filter ?? {}),
  };
}
