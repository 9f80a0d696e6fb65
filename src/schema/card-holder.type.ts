import { Field, ID, ObjectType } from "type-graphql";
import { NodeType } from "./node.type.js";

/** GraphQL type `CardHolder`. */
@ObjectType("CardHolder", {
  description:
    "The person a card is issued to, with the billing address that the provider assigned. All of it is null once the person was erased.",
  implements: NodeType,
  simpleResolvers: true,
})
export class CardHolderType implements NodeType {
  @Field(() => ID, { description: "Our id of the cardholder: opaque and stable." })
  id!: string;

  @Field(() => String, { nullable: true, description: "Given name. Null when the provider has not told it." })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: "Family name. Null when the provider has not told it." })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: "The name as it stands on the card. Null while unknown." })
  holderName!: string | null;

  @Field(() => String, { nullable: true, description: "Street of the billing address. Null while unknown." })
  street!: string | null;

  @Field(() => String, { nullable: true, description: "City of the billing address. Null while unknown." })
  city!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "State of the billing address, such as `GA`. Null while unknown.",
  })
  state!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Country of the billing address, such as `US`. Null while unknown.",
  })
  country!: string | null;

  @Field(() => String, { nullable: true, description: "Postal code of the billing address. Null while unknown." })
  zipCode!: string | null;

  @Field(() => String, { nullable: true, description: "The provider's id of the cardholder. Null while unknown." })
  providerCardHolderId!: string | null;
}
