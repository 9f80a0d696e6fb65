import { ArgsType, Field, InputType, Int } from "type-graphql";
import type { CardOrderState } from "../domain/order.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { DateTime } from "./date-time.scalar.js";
import { CardOrderStateEnum, ProviderCodeEnum } from "./enums.js";

/** GraphQL input `CardOrderFilter`. */
@InputType("CardOrderFilter", { description: "Which orders to list. Every part that is given narrows the list." })
export class CardOrderFilterInput {
  @Field(() => ProviderCodeEnum, { nullable: true, description: "Only orders that go to this provider." })
  provider?: ProviderCode | null;

  @Field(() => CardOrderStateEnum, { nullable: true, description: "Only orders in this state." })
  state?: CardOrderState | null;

  @Field(() => String, { nullable: true, description: "Only orders for this customer of yours." })
  customerId?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Only orders with a `createdAt` of this moment or later.",
  })
  createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Only orders with a `createdAt` before this moment." })
  createdBefore?: Date | null;
}

/** Arguments of `Query.cardOrders`. */
@ArgsType()
export class CardOrdersArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: "How many orders, 1 to 100." })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last order of the stretch before. Null: from the newest.",
  })
  after?: string | null;

  @Field(() => CardOrderFilterInput, { nullable: true, description: "Which orders to list. Null: all." })
  filter?: CardOrderFilterInput | null;
}
