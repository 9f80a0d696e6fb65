import { Field, ObjectType } from "type-graphql";
import { CardOrderType } from "./card-order.type.js";
import { PageInfoType } from "./connection.type.js";

/** GraphQL type `CardOrderEdge`. */
@ObjectType("CardOrderEdge", { description: "An order in a list.", simpleResolvers: true })
export class CardOrderEdgeType {
  @Field(() => String, {
    description: "Opaque place of the order in the list; stays good as orders are added.",
  })
  cursor!: string;

  @Field(() => CardOrderType, { description: "The order." })
  node!: CardOrderType;
}

/** GraphQL type `CardOrderConnection`. */
@ObjectType("CardOrderConnection", {
  description: "A stretch of the list of orders, newest first.",
  simpleResolvers: true,
})
export class CardOrderConnectionType {
  @Field(() => [CardOrderEdgeType], { description: "The orders of this stretch." })
  edges!: readonly CardOrderEdgeType[];

  @Field(() => PageInfoType, { description: "Where this stretch begins and ends." })
  pageInfo!: PageInfoType;
}
