import { Field, ID, Int, ObjectType } from "type-graphql";
import type { CardLifecycle, CardStatus } from "../domain/card-status.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { CardHolderType } from "./card-holder.type.js";
import { DateTime } from "./date-time.scalar.js";
import { CardLifecycleEnum, CardStatusEnum, ProviderCodeEnum } from "./enums.js";
import { MoneyType } from "./money.type.js";
import { NodeType } from "./node.type.js";

/** GraphQL type `Card`. Its field `order` is in the card resolver. */
@ObjectType("Card", {
  description:
    "A virtual card. There is no field for the full card number or the CVC: this server neither stores nor shows them here.",
  implements: NodeType,
  simpleResolvers: true,
})
export class CardType implements NodeType {
  @Field(() => ID, { description: "Our id of the card: opaque and stable, whatever the provider does." })
  id!: string;

  @Field(() => ProviderCodeEnum, { description: "The provider that issued the card." })
  provider!: ProviderCode;

  @Field(() => CardStatusEnum, { description: "The card's state by the provider's published list." })
  status!: CardStatus;

  @Field(() => CardLifecycleEnum, { description: "Where the card stands in its life, the same for every provider." })
  lifecycle!: CardLifecycle;

  @Field(() => String, {
    nullable: true,
    description: "The provider's own words for the state. Null when it sent none.",
  })
  statusText!: string | null;

  @Field(() => String, { nullable: true, description: "The provider's raw state, as it came." })
  providerStatus!: string | null;

  @Field(() => CardHolderType, { description: "Whom the card is issued to." })
  cardHolder!: CardHolderType;

  @Field(() => String, {
    nullable: true,
    description: "The caller's own id of the customer. Null when none was given.",
  })
  customerId!: string | null;

  @Field(() => String, { nullable: true, description: "First digits of the card number (BIN). Null while opening." })
  bin!: string | null;

  @Field(() => String, { nullable: true, description: "Last four digits of the card number. Null while opening." })
  last4!: string | null;

  @Field(() => Int, { nullable: true, description: "Month of expiry, 1 to 12. Null while opening." })
  expMonth!: number | null;

  @Field(() => Int, { nullable: true, description: "Year of expiry, four digits. Null while opening." })
  expYear!: number | null;

  @Field(() => MoneyType, { description: "Total loaded onto the card." })
  deposit!: MoneyType;

  @Field(() => MoneyType, { description: "Total spent from the card." })
  consume!: MoneyType;

  @Field(() => MoneyType, { description: "What is left on the card, as the provider last told it." })
  balance!: MoneyType;

  @Field(() => [String], { description: "The provider's labels for the card. Empty when it sent none." })
  tags!: readonly string[];

  @Field(() => String, { description: "The provider's id of the card." })
  providerCardId!: string;

  @Field(() => String, { nullable: true, description: "The provider's id of the end user. Null when it sent none." })
  providerUserId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The provider's serial number of the card. Null when it sent none.",
  })
  cardSeqNo!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the provider opened the card. Null while opening.",
  })
  openedAt!: Date | null;

  @Field(() => DateTime, { description: "When this server first knew of the card." })
  createdAt!: Date;

  @Field(() => DateTime, { description: "When this server last wrote the card." })
  updatedAt!: Date;
}
