import { ArgsType, Field, InputType, Int } from "type-graphql";
import type { CardLifecycle, CardStatus } from "../domain/card-status.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { DateTime } from "./date-time.scalar.js";
import { CardLifecycleEnum, CardStatusEnum, ProviderCodeEnum } from "./enums.js";

/** GraphQL input `CardFilter`. */
@InputType("CardFilter", { description: "Which cards to list. Every part that is given narrows the list." })
export class CardFilterInput {
  @Field(() => ProviderCodeEnum, { nullable: true, description: "Only cards of this provider." })
  provider?: ProviderCode | null;

  @Field(() => CardStatusEnum, { nullable: true, description: "Only cards in this state." })
  status?: CardStatus | null;

  @Field(() => CardLifecycleEnum, { nullable: true, description: "Only cards in this part of their life." })
  lifecycle?: CardLifecycle | null;

  @Field(() => String, { nullable: true, description: "Only cards of this customer of yours." })
  customerId?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Only cards with a `createdAt` of this moment or later.",
  })
  createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Only cards with a `createdAt` before this moment." })
  createdBefore?: Date | null;
}

/** Arguments of `Query.cards`. */
@ArgsType()
export class CardsArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: "How many cards, 1 to 100." })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last card of the stretch before. Null: from the newest.",
  })
  after?: string | null;

  @Field(() => CardFilterInput, { nullable: true, description: "Which cards to list. Null: all." })
  filter?: CardFilterInput | null;
}
