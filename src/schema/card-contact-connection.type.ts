import { Field, ObjectType } from "type-graphql";
import { CardContactType } from "./card-contact.type.js";
import { PageInfoType } from "./connection.type.js";

/** GraphQL type `CardContactEdge`. */
@ObjectType("CardContactEdge", { description: "A contact in a list.", simpleResolvers: true })
export class CardContactEdgeType {
  @Field(() => String, {
    description: "Opaque place of the contact in the list; stays good as contacts are added.",
  })
  cursor!: string;

  @Field(() => CardContactType, { description: "The contact." })
  node!: CardContactType;
}

/** GraphQL type `CardContactConnection`. */
@ObjectType("CardContactConnection", {
  description: "A stretch of the list of contacts, newest first.",
  simpleResolvers: true,
})
export class CardContactConnectionType {
  @Field(() => [CardContactEdgeType], { description: "The contacts of this stretch." })
  edges!: readonly CardContactEdgeType[];

  @Field(() => PageInfoType, { description: "Where this stretch begins and ends." })
  pageInfo!: PageInfoType;
}
