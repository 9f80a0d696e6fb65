import { ArgsType, Field, InputType, Int } from "type-graphql";
import type { ProviderCode } from "../domain/provider-code.js";
import { DateTime } from "./date-time.scalar.js";
import { ProviderCodeEnum } from "./enums.js";

/** GraphQL input `CardContactFilter`. */
@InputType("CardContactFilter", { description: "Which contacts to list. Every part that is given narrows the list." })
export class CardContactFilterInput {
  @Field(() => ProviderCodeEnum, { nullable: true, description: "Only contacts that this provider holds." })
  provider?: ProviderCode | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Only contacts with a `createdAt` of this moment or later.",
  })
  createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Only contacts with a `createdAt` before this moment." })
  createdBefore?: Date | null;
}

/** Arguments of `Query.cardContacts`. */
@ArgsType()
export class CardContactsArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: "How many contacts, 1 to 100." })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last contact of the stretch before. Null: from the newest.",
  })
  after?: string | null;

  @Field(() => CardContactFilterInput, { nullable: true, description: "Which contacts to list. Null: all." })
  filter?: CardContactFilterInput | null;
}
