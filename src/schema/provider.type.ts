import { Field, ID, Int, ObjectType } from "type-graphql";
import type { CapabilityName, ProviderCode, ProviderMode } from "../domain/provider-code.js";
import { CapabilityEnum, ProviderCodeEnum, ProviderModeEnum } from "./enums.js";
import { MoneyType } from "./money.type.js";

/** GraphQL type `Provider`. */
@ObjectType("Provider", { description: "A configured card provider.", simpleResolvers: true })
export class ProviderType {
  @Field(() => ProviderCodeEnum, { description: "Its code, as inputs take it." })
  code!: ProviderCode;

  @Field(() => String, { description: "Its name, as it writes it." })
  name!: string;

  @Field(() => [CapabilityEnum], { description: "What it can do through this server." })
  capabilities!: readonly CapabilityName[];

  @Field(() => ProviderModeEnum, { description: "Whether it is real or this server's own sandbox." })
  mode!: ProviderMode;
}

/** GraphQL type `CardRange`. */
@ObjectType("CardRange", {
  description: "A range of card numbers that cards can be opened from; Prepaidify calls its id `vid`.",
  simpleResolvers: true,
})
export class CardRangeType {
  @Field(() => ID, { description: "What `createVirtualCard` takes as `cardRangeId`; the provider's own id." })
  id!: string;

  @Field(() => ProviderCodeEnum, { description: "The provider whose range it is." })
  provider!: ProviderCode;

  @Field(() => String, {
    nullable: true,
    description: "First digits of the range's card numbers (BIN). Null if untold.",
  })
  bin!: string | null;

  @Field(() => String, { nullable: true, description: "The provider's description. Null if untold." })
  description!: string | null;

  @Field(() => Int, { nullable: true, description: "How many cards were opened from the range. Null if untold." })
  cardCount!: number | null;

  @Field(() => Int, { nullable: true, description: "How many of those are active. Null if untold." })
  activeCardCount!: number | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: "The range's own least first deposit; the general limits apply besides. Null if untold.",
  })
  minDeposit!: MoneyType | null;

  @Field(() => MoneyType, { nullable: true, description: "Funds behind the range. Null if untold." })
  accountBalance!: MoneyType | null;
}
