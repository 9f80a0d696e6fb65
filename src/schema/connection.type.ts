import { Field, ObjectType } from "type-graphql";
import { CardType } from "./card.type.js";

/** GraphQL type `PageInfo`, as the Relay connection specification has it. */
@ObjectType("PageInfo", { description: "Where a stretch of a list begins and ends.", simpleResolvers: true })
export class PageInfoType {
  @Field(() => Boolean, { description: "Whether more follow after `endCursor`." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether some come before `startCursor`; true when `after` was given." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first edge. Null when there is none." })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last edge, for `after`. Null when there is none.",
  })
  endCursor!: string | null;
}

/** GraphQL type `CardEdge`. */
@ObjectType("CardEdge", { description: "A card in a list.", simpleResolvers: true })
export class CardEdgeType {
  @Field(() => String, { description: "Opaque place of the card in the list; stays good as cards are added." })
  cursor!: string;

  @Field(() => CardType, { description: "The card." })
  node!: CardType;
}

/** GraphQL type `CardConnection`. */
@ObjectType("CardConnection", { description: "A stretch of the list of cards, newest first.", simpleResolvers: true })
export class CardConnectionType {
  @Field(() => [CardEdgeType], { description: "The cards of this stretch." })
  edges!: readonly CardEdgeType[];

  @Field(() => PageInfoType, { description: "Where this stretch begins and ends." })
  pageInfo!: PageInfoType;
}
