import { Field, ID, ObjectType } from "type-graphql";
import type { CardLifecycle, CardStatus } from "../domain/card-status.js";
import type { CardOrderState, ReviewReason } from "../domain/order.js";
import { PageInfoType } from "./connection.type.js";
import { DateTime } from "./date-time.scalar.js";
import {
  CardLifecycleEnum,
  type CardOrderEvidence,
  CardOrderEvidenceEnum,
  CardOrderStateEnum,
  CardStatusEnum,
  ReviewReasonEnum,
} from "./enums.js";
import { MoneyType } from "./money.type.js";
import { UserErrorType } from "./user-error.type.js";

/** GraphQL type `CardOrderEvent`. */
@ObjectType("CardOrderEvent", {
  description: "One line of an order's history, which is only ever added to.",
  simpleResolvers: true,
})
export class CardOrderEventType {
  @Field(() => ID, { description: "Our id of the event: opaque and stable." })
  id!: string;

  @Field(() => CardOrderEvidenceEnum, { description: "What was learnt." })
  evidence!: CardOrderEvidence;

  @Field(() => CardOrderStateEnum, { description: "Where the order stood from then on." })
  state!: CardOrderState;

  @Field(() => ReviewReasonEnum, { nullable: true, description: "Why a person had to look. Null unless one had to." })
  reviewReason!: ReviewReason | null;

  @Field(() => UserErrorType, { nullable: true, description: "Why the order failed. Null unless it had." })
  failure!: UserErrorType | null;

  @Field(() => CardStatusEnum, { nullable: true, description: "The card's state by then. Null while none was known." })
  cardStatus!: CardStatus | null;

  @Field(() => DateTime, { description: "When it was committed." })
  at!: Date;
}

/** GraphQL type `CardEvent`. */
@ObjectType("CardEvent", {
  description: "One line of a card's history, which is only ever added to: what the provider's description changed.",
  simpleResolvers: true,
})
export class CardEventType {
  @Field(() => ID, { description: "Our id of the event: opaque and stable." })
  id!: string;

  @Field(() => CardOrderEvidenceEnum, { description: "Where the description came from." })
  evidence!: CardOrderEvidence;

  @Field(() => CardStatusEnum, { description: "The card's state from then on." })
  status!: CardStatus;

  @Field(() => CardLifecycleEnum, { description: "Where the card stood in its life." })
  lifecycle!: CardLifecycle;

  @Field(() => String, { description: "The provider's raw state, as it came." })
  providerStatus!: string;

  @Field(() => MoneyType, { description: "Total loaded onto the card by then." })
  deposit!: MoneyType;

  @Field(() => MoneyType, { description: "Total spent from the card by then." })
  consume!: MoneyType;

  @Field(() => MoneyType, { description: "What was left on the card." })
  balance!: MoneyType;

  @Field(() => DateTime, { description: "When it was committed." })
  at!: Date;
}

/** GraphQL type `CardOrderEventEdge`. */
@ObjectType("CardOrderEventEdge", { description: "An event in an order's history.", simpleResolvers: true })
export class CardOrderEventEdgeType {
  @Field(() => String, { description: "Opaque place in the history: resume after it, whenever you come back." })
  cursor!: string;

  @Field(() => CardOrderEventType, { description: "The event." })
  node!: CardOrderEventType;
}

/** GraphQL type `CardOrderEventConnection`. */
@ObjectType("CardOrderEventConnection", {
  description: "A stretch of an order's history, oldest first.",
  simpleResolvers: true,
})
export class CardOrderEventConnectionType {
  @Field(() => [CardOrderEventEdgeType], { description: "The events of this stretch." })
  edges!: readonly CardOrderEventEdgeType[];

  @Field(() => PageInfoType, { description: "Where this stretch begins and ends." })
  pageInfo!: PageInfoType;
}

/** GraphQL type `CardEventEdge`. */
@ObjectType("CardEventEdge", { description: "An event in a card's history.", simpleResolvers: true })
export class CardEventEdgeType {
  @Field(() => String, { description: "Opaque place in the history: resume after it, whenever you come back." })
  cursor!: string;

  @Field(() => CardEventType, { description: "The event." })
  node!: CardEventType;
}

/** GraphQL type `CardEventConnection`. */
@ObjectType("CardEventConnection", {
  description: "A stretch of a card's history, oldest first.",
  simpleResolvers: true,
})
export class CardEventConnectionType {
  @Field(() => [CardEventEdgeType], { description: "The events of this stretch." })
  edges!: readonly CardEventEdgeType[];

  @Field(() => PageInfoType, { description: "Where this stretch begins and ends." })
  pageInfo!: PageInfoType;
}
