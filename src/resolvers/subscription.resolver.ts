import { GraphQLError } from "graphql";
import { Arg, Authorized, ID, Resolver, Root, Subscription } from "type-graphql";
import { demand } from "../domain/identity.js";
import { isCardId } from "../domain/ids.js";
import type { WatchedBy } from "../domain/order-feed.js";
import type { OrderView } from "../domain/order-store.js";
import { neededFor } from "../schema/access.js";
import { CardType } from "../schema/card.type.js";
import { CardOrderType } from "../schema/card-order.type.js";
import { ORDER_NO } from "../schema/inputs.js";
import type { RequestContext } from "./context.js";
import { presentCard, presentOrder } from "./present.js";

interface Subscribing<Args> {
  readonly args: Args;
  readonly context: RequestContext;
}

/** Shows orders and cards to those who watch them. */
@Resolver()
export class SubscriptionResolver {
  @Authorized(neededFor("Subscription.cardOrderUpdated"))
  @Subscription(() => CardOrderType, {
    description:
      "An order as it stands, at once, and then as every change leaves it, in order and without a gap. Goes on until you leave. `NOT_FOUND` when there is no order of that number.",
    subscribe: ({ args, context }: Subscribing<{ orderNo: string }>) =>
      watch(context, ORDER_NO.test(args.orderNo) ? { orderNo: args.orderNo } : null),
  })
  cardOrderUpdated(
    @Root() view: OrderView,
    @Arg("orderNo", () => String, { description: "The caller's order number." }) _orderNo: string,
  ): CardOrderType {
    return presentOrder(view);
  }

  @Authorized(neededFor("Subscription.cardUpdated"))
  @Subscription(() => CardType, {
    description:
      "A card as it stands, at once, and then as every change leaves it, in order and without a gap. Goes on until you leave. `NOT_FOUND` when there is no card of that id.",
    subscribe: ({ args, context }: Subscribing<{ id: string }>) =>
      watch(context, isCardId(args.id) ? { cardId: args.id } : null),
  })
  cardUpdated(
    @Root() { card }: OrderView,
    @Arg("id", () => ID, { description: "Our id of the card." }) _id: string,
  ): CardType {
    if (!card) throw new Error("a card that is watched is missing");
    return presentCard(card);
  }
}

/** The field itself is only asked once there is an event: whether it may be, is asked before there is a source. */
async function watch(context: RequestContext, by: WatchedBy | null): Promise<AsyncIterable<OrderView>> {
  demand(context.identity, "cards:read");
  const views = by && (await context.watch(by));
  if (views) return views;
  throw new GraphQLError("There is nothing of that number or id to follow.", { extensions: { code: "NOT_FOUND" } });
}
