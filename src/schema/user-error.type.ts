import { Field, ObjectType } from "type-graphql";
import type { ErrorCode } from "../domain/user-error.js";
import { ErrorCodeEnum } from "./enums.js";

/** GraphQL type `UserError`. */
@ObjectType("UserError", {
  description: "An expected refusal: what is wrong, where, and whether the same request may succeed later.",
  simpleResolvers: true,
})
export class UserErrorType {
  @Field(() => ErrorCodeEnum, { description: "What kind of refusal this is; stable, made to be switched over." })
  code!: ErrorCode;

  @Field(() => String, {
    description: "A sentence for a person. It names the rule and never repeats a value of the input.",
  })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path into the input, such as `["cardHolder", "firstName"]`. Null when no single field is at fault.',
  })
  field!: readonly string[] | null;

  @Field(() => Boolean, { description: "True when the very same request, sent again unchanged, may succeed." })
  retryable!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "The provider's own code for the refusal. Null when the refusal is this server's.",
  })
  providerCode!: string | null;
}
