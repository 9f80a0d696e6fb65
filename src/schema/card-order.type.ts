import { Field, ID, ObjectType } from "type-graphql";
import type { CardOrderState } from "../domain/order.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { DateTime } from "./date-time.scalar.js";
import { CardOrderStateEnum, ProviderCodeEnum } from "./enums.js";
import { NodeType } from "./node.type.js";
import { UserErrorType } from "./user-error.type.js";

/** GraphQL type `CardOrder`. Its field `card` is in the card order resolver. */
@ObjectType("CardOrder", {
  description: "An order for a virtual card and its first deposit. The order is the truth; the card comes of it.",
  implements: NodeType,
  simpleResolvers: true,
})
export class CardOrderType implements NodeType {
  @Field(() => ID, { description: "Our id of the order: opaque and stable." })
  id!: string;

  @Field(() => String, { description: "The caller's order number; also its idempotency key." })
  orderNo!: string;

  @Field(() => ProviderCodeEnum, { description: "The provider that the order goes to." })
  provider!: ProviderCode;

  @Field(() => CardOrderStateEnum, { description: "Where the order stands." })
  state!: CardOrderState;

  @Field(() => UserErrorType, { nullable: true, description: "Why the order failed. Null unless it has." })
  failure!: UserErrorType | null;

  @Field(() => DateTime, { description: "When the order was committed." })
  createdAt!: Date;

  @Field(() => DateTime, { description: "When the order last moved." })
  updatedAt!: Date;
}
