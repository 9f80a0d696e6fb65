import { Field, ID, ObjectType } from "type-graphql";
import type { ProviderCode } from "../domain/provider-code.js";
import { DateTime } from "./date-time.scalar.js";
import { ProviderCodeEnum } from "./enums.js";
import { NodeType } from "./node.type.js";

/** GraphQL type `CardContact`. */
@ObjectType("CardContact", {
  description:
    "A person that a provider may reach about cards: name, mobile number, e-mail address. One who was erased is not there any more.",
  implements: NodeType,
  simpleResolvers: true,
})
export class CardContactType implements NodeType {
  @Field(() => ID, { description: "Our id of the contact: opaque and stable." })
  id!: string;

  @Field(() => ProviderCodeEnum, { description: "The provider that holds the contact." })
  provider!: ProviderCode;

  @Field(() => String, { description: "The provider's id of the contact, as text whatever its type on the wire." })
  providerContactId!: string;

  @Field(() => String, { description: "Given name." })
  firstName!: string;

  @Field(() => String, { description: "Family name." })
  lastName!: string;

  @Field(() => String, { description: "Mobile number in E.164 form, with its plus sign." })
  mobile!: string;

  @Field(() => String, { description: "E-mail address." })
  email!: string;

  @Field(() => String, { nullable: true, description: "Language the contact prefers. Null when none was given." })
  language!: string | null;

  @Field(() => DateTime, { description: "When the contact was made." })
  createdAt!: Date;
}
