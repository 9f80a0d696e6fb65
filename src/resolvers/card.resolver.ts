import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { CARD_STATUSES, type CardStatus, lifecycleOf } from "../domain/card-status.js";
import type { CardFilter } from "../domain/card-store.js";
import { isCardId } from "../domain/ids.js";
import { CardType } from "../schema/card.type.js";
import { CardOrderType } from "../schema/card-order.type.js";
import { type CardFilterInput, CardsArgs } from "../schema/cards.args.js";
import { CardConnectionType } from "../schema/connection.type.js";
import type { ReadCards } from "../services/read-cards.js";
import type { RequestContext } from "./context.js";
import { argumentError } from "./errors.js";
import { type PresentedCard, presentCard, presentOrder } from "./present.js";

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;
/** What a customerId can be; see the input of `createVirtualCard`. */
const CUSTOMER_ID = /^[\x21-\x7e]{1,64}$/;

/** Reads cards. */
@Resolver(() => CardType)
export class CardResolver {
  readonly #readCards: ReadCards;

  constructor(readCards: ReadCards) {
    this.#readCards = readCards;
  }

  @Query(() => CardType, { nullable: true, description: "A card by our id. Null when there is none." })
  async card(
    @Arg("id", () => ID, { description: "Our id of the card." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<CardType | null> {
    if (!isCardId(id)) return null;
    const card = await this.#readCards.cardById(context.tenant, id);
    return card && presentCard(card);
  }

  @Query(() => CardConnectionType, { description: "Cards, newest first." })
  async cards(@Args(() => CardsArgs) args: CardsArgs, @Ctx() context: RequestContext): Promise<CardConnectionType> {
    const first = args.first ?? DEFAULT_PAGE;
    if (first < 1 || first > MAX_PAGE) throw argumentError("first must be 1 to 100");
    const after = args.after ? readCursor(args.after) : null;
    const page = await this.#readCards.list(context.tenant, { first, after }, toFilter(args.filter));
    const edges = page.cards.map((card) => ({ cursor: writeCursor(card.id), node: presentCard(card) }));
    return {
      edges,
      pageInfo: {
        hasNextPage: page.hasNextPage,
        hasPreviousPage: after !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }

  @FieldResolver(() => CardOrderType, { description: "The order that the card came of." })
  async order(@Root() card: PresentedCard, @Ctx() context: RequestContext): Promise<CardOrderType> {
    const view = await context.orders.load(card.orderId);
    if (!view) throw new Error("a card's order is missing");
    return presentOrder(view);
  }
}

function toFilter(filter: CardFilterInput | null | undefined): CardFilter {
  const { provider, status, lifecycle, customerId } = filter ?? {};
  if (customerId && !CUSTOMER_ID.test(customerId))
    throw argumentError("filter.customerId must be 1 to 64 printable ASCII characters without blanks");
  const fits = (candidate: CardStatus): boolean =>
    (!status || candidate === status) && (!lifecycle || lifecycleOf(candidate) === lifecycle);
  return { provider, customerId, statuses: status || lifecycle ? CARD_STATUSES.filter(fits) : null };
}

/** A cursor is the id it stands at, made opaque, so it stays good whatever is added to the list. */
function writeCursor(id: string): string {
  return Buffer.from(`1:${id}`).toString("base64url");
}

function readCursor(cursor: string): string {
  const [version, id] = Buffer.from(cursor, "base64url").toString().split(":");
  if (version !== "1" || !id || !isCardId(id)) throw argumentError("after must be a cursor of this list");
  return id;
}
