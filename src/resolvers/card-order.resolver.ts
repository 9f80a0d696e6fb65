import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { isOrderId } from "../domain/ids.js";
import { neededFor } from "../schema/access.js";
import { CardType } from "../schema/card.type.js";
import { CardOrderType } from "../schema/card-order.type.js";
import { CardOrderConnectionType } from "../schema/card-order-connection.type.js";
import { CardOrdersArgs } from "../schema/card-orders.args.js";
import { CardOrderEventConnectionType } from "../schema/event.type.js";
import { EventsArgs } from "../schema/events.args.js";
import { CreateVirtualCardInput, ORDER_NO } from "../schema/inputs.js";
import { CreateVirtualCardPayloadType } from "../schema/payloads.type.js";
import type { CreateVirtualCard } from "../services/create-virtual-card.js";
import type { ReadCards } from "../services/read-cards.js";
import { actingCaller } from "./acting-caller.js";
import type { RequestContext } from "./context.js";
import { connectionOf, readPage } from "./cursor.js";
import { presentOrderEvents, readEventPage } from "./events.js";
import { readCreated, readCustomer } from "./filters.js";
import { type PresentedOrder, presentOrder } from "./present.js";
import { inputFaults } from "./validate.js";

/** Places card orders and reads them. */
@Resolver(() => CardOrderType)
export class CardOrderResolver {
  readonly #createVirtualCard: CreateVirtualCard;
  readonly #readCards: ReadCards;

  constructor(createVirtualCard: CreateVirtualCard, readCards: ReadCards) {
    this.#createVirtualCard = createVirtualCard;
    this.#readCards = readCards;
  }

  @Authorized(neededFor("Mutation.createVirtualCard"))
  @Mutation(() => CreateVirtualCardPayloadType, {
    description:
      "Opens a virtual card and loads its first deposit. The order is committed before anything is sent, and the same orderNo never opens a second card. Opening goes on after the answer: follow the order until it is COMPLETED.",
  })
  async createVirtualCard(
    @Arg("input", () => CreateVirtualCardInput, { description: "The order." }) input: CreateVirtualCardInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateVirtualCardPayloadType> {
    const userErrors = inputFaults(input);
    if (userErrors.length > 0) return { order: null, card: null, replayed: false, userErrors };
    const { view, ...rest } = await this.#createVirtualCard.execute(
      {
        orderNo: input.orderNo,
        cardRangeId: input.cardRangeId,
        deposit: { amountMinor: input.deposit.amountMinor, currency: input.deposit.currency },
        cardHolder: input.cardHolder
          ? { firstName: input.cardHolder.firstName, lastName: input.cardHolder.lastName }
          : null,
        email: input.email ?? null,
        customerId: input.customerId ?? null,
        callbackUrl: input.callbackUrl ?? null,
        provider: input.provider ?? null,
      },
      actingCaller(context),
    );
    const order = view && presentOrder(view);
    return { order, card: order?.presentedCard ?? null, ...rest };
  }

  @Authorized(neededFor("Query.cardOrder"))
  @Query(() => CardOrderType, {
    nullable: true,
    description: "An order by the caller's number. Null when there is none.",
  })
  async cardOrder(
    @Arg("orderNo", () => String, { description: "The caller's order number." }) orderNo: string,
    @Ctx() context: RequestContext,
  ): Promise<CardOrderType | null> {
    if (!ORDER_NO.test(orderNo)) return null;
    const view = await this.#readCards.orderByNo(context.identity, orderNo);
    return view && presentOrder(view);
  }

  @Authorized(neededFor("Query.cardOrders"))
  @Query(() => CardOrderConnectionType, { description: "Orders, newest first." })
  async cardOrders(
    @Args(() => CardOrdersArgs) args: CardOrdersArgs,
    @Ctx() context: RequestContext,
  ): Promise<CardOrderConnectionType> {
    const page = readPage(args, isOrderId);
    const { provider, state, customerId, ...range } = args.filter ?? {};
    const filter = { provider, state, customerId: readCustomer(customerId), created: readCreated(range) };
    const views = await this.#readCards.listOrders(context.identity, page, filter);
    return connectionOf(views, page, (view) => ({ place: view.order.id, node: presentOrder(view) }));
  }

  @FieldResolver(() => CardType, {
    nullable: true,
    description: "The card that came of the order. Null until the provider has described it.",
  })
  card(@Root() order: PresentedOrder): CardType | null {
    return order.presentedCard;
  }

  @FieldResolver(() => CardOrderEventConnectionType, { description: "The order's history, oldest first." })
  async events(
    @Root() order: PresentedOrder,
    @Args(() => EventsArgs) args: EventsArgs,
    @Ctx() context: RequestContext,
  ): Promise<CardOrderEventConnectionType> {
    const page = readEventPage(args, false);
    return presentOrderEvents(await context.events.load(order.orderId, page), page);
  }
}
