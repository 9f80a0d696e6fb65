import { Field, Int, ObjectType } from "type-graphql";
import { UserErrorType } from "./user-error.type.js";

/** GraphQL type `RevealedCard`. */
@ObjectType("RevealedCard", {
  description:
    "What a card is paid with, in clear. Only of a sandbox's card, or where the operator allows it. Do not keep it.",
  simpleResolvers: true,
})
export class RevealedCardType {
  @Field(() => String, { description: "The full card number: 13 to 19 digits." })
  number!: string;

  @Field(() => String, { description: "The card verification code: 3 or 4 digits." })
  cvc!: string;

  @Field(() => Int, { description: "Month of expiry, 1 to 12." })
  expMonth!: number;

  @Field(() => Int, { description: "Year of expiry, four digits." })
  expYear!: number;

  @Field(() => String, { nullable: true, description: "The name on the card. Null when the provider gives none." })
  holderName!: string | null;
}

/** GraphQL type `RevealCardPayload`. */
@ObjectType("RevealCardPayload", { description: "What came of `revealCard`.", simpleResolvers: true })
export class RevealCardPayloadType {
  @Field(() => String, {
    nullable: true,
    description:
      "A compact JWE (ECDH-ES, A256GCM) for the owner of `recipientKey`: the JSON of `number`, `cvc`, `expMonth`, `expYear` and, if it is known, `holderName`. Null without a key, or when nothing was revealed.",
  })
  sealed!: string | null;

  @Field(() => RevealedCardType, {
    nullable: true,
    description: "The same in clear. Null with a `recipientKey`, or when nothing was revealed.",
  })
  clear!: RevealedCardType | null;

  @Field(() => [UserErrorType], { description: "Why nothing was revealed. Empty when the card was." })
  userErrors!: readonly UserErrorType[];
}
