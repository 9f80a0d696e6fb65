import { Field, ObjectType } from "type-graphql";
import { CardType } from "./card.type.js";
import { CardContactType } from "./card-contact.type.js";
import { CardOrderType } from "./card-order.type.js";
import { UserErrorType } from "./user-error.type.js";

/** GraphQL type `CreateCardContactPayload`. */
@ObjectType("CreateCardContactPayload", { description: "What came of `createCardContact`.", simpleResolvers: true })
export class CreateCardContactPayloadType {
  @Field(() => CardContactType, {
    nullable: true,
    description: "The contact. Null when it was not made, or when that is not known.",
  })
  contact!: CardContactType | null;

  @Field(() => Boolean, {
    description: "True when this is the answer to an earlier request with the same idempotencyKey.",
  })
  replayed!: boolean;

  @Field(() => [UserErrorType], { description: "What is wrong with the request. Empty when the contact was made." })
  userErrors!: readonly UserErrorType[];
}

/** GraphQL type `CreateVirtualCardPayload`. */
@ObjectType("CreateVirtualCardPayload", { description: "What came of `createVirtualCard`.", simpleResolvers: true })
export class CreateVirtualCardPayloadType {
  @Field(() => CardOrderType, {
    nullable: true,
    description: "The order as it stands now. Null when the request was refused before an order was placed.",
  })
  order!: CardOrderType | null;

  @Field(() => CardType, { nullable: true, description: "The card. Null until the provider has described it." })
  card!: CardType | null;

  @Field(() => Boolean, { description: "True when the order had been placed before with the same input." })
  replayed!: boolean;

  @Field(() => [UserErrorType], {
    description:
      "What is wrong with the request or why the order failed. Empty for an order that goes on, an UNCONFIRMED one included.",
  })
  userErrors!: readonly UserErrorType[];
}
