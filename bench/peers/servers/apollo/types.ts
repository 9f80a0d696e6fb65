import { GraphQLDateTimeISO, GraphQLSafeInt } from "graphql-scalars";
import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";

const enumOf = <Value extends string>(...values: Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as { [Name in Value]: Name };

const ProviderCode = enumOf("PAGSMILE", "PREPAIDIFY");
const CardLifecycle = enumOf("OPENING", "ACTIVE", "BLOCKED", "CLOSING", "CLOSED", "FAILED", "UNKNOWN");
const CardOrderState = enumOf("PENDING", "ACCEPTED", "COMPLETED", "FAILED", "UNCONFIRMED", "NEEDS_REVIEW");
const ErrorCode = enumOf("INVALID_INPUT", "IDEMPOTENCY_MISMATCH", "PROVIDER_REJECTED");
const CardStatus = enumOf(
  ...([
    "INIT",
    "INIT_CREATE_CARD",
    "INIT_CREATE_CARD_HOLDER",
    "INIT_ACTIVE_CARD",
    "CREATE_CARD_FAILED_REFUND",
  ] as const),
  ...(["ACTIVE", "FREEZE", "CANCELLING", "CANCELED", "DELETED", "EXPIRED", "UNRECOGNIZED"] as const),
);
for (const [name, values] of Object.entries({ ProviderCode, CardLifecycle, CardOrderState, ErrorCode, CardStatus })) {
  registerEnumType(values, { name });
}

@ObjectType()
export class Money {
  @Field(() => GraphQLSafeInt)
  amountMinor!: number;
  @Field(() => String)
  currency!: string;
  @Field(() => String)
  formatted!: string;
}

@ObjectType()
export class CardHolder {
  @Field(() => String, { nullable: true })
  firstName!: string | null;
  @Field(() => String, { nullable: true })
  lastName!: string | null;
  @Field(() => String, { nullable: true })
  holderName!: string | null;
}

@ObjectType()
export class Card {
  @Field(() => ID)
  id!: string;
  @Field(() => ProviderCode)
  provider!: string;
  @Field(() => CardStatus)
  status!: string;
  @Field(() => CardLifecycle)
  lifecycle!: string;
  @Field(() => String, { nullable: true })
  customerId!: string | null;
  @Field(() => String, { nullable: true })
  bin!: string | null;
  @Field(() => String, { nullable: true })
  last4!: string | null;
  @Field(() => Int, { nullable: true })
  expMonth!: number | null;
  @Field(() => Int, { nullable: true })
  expYear!: number | null;
  @Field(() => String)
  providerCardId!: string;
  @Field(() => Money)
  deposit!: Money;
  @Field(() => Money)
  balance!: Money;
  @Field(() => CardHolder)
  cardHolder!: CardHolder;
  @Field(() => GraphQLDateTimeISO)
  createdAt!: Date;
}

@ObjectType()
export class CardEdge {
  @Field(() => Card)
  node!: Card;
}

@ObjectType()
export class CardConnection {
  @Field(() => [CardEdge])
  edges!: CardEdge[];
}

@ObjectType()
export class CardOrder {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  orderNo!: string;
  @Field(() => CardOrderState)
  state!: string;
}

@ObjectType()
export class CardContact {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  providerContactId!: string;
  @Field(() => String)
  firstName!: string;
  @Field(() => String)
  lastName!: string;
  @Field(() => String)
  mobile!: string;
  @Field(() => String)
  email!: string;
  @Field(() => String, { nullable: true })
  language!: string | null;
  @Field(() => GraphQLDateTimeISO)
  createdAt!: Date;
}

@ObjectType()
export class UserError {
  @Field(() => ErrorCode)
  code!: string;
  @Field(() => String)
  message!: string;
  @Field(() => [String], { nullable: true })
  field!: string[] | null;
}

@ObjectType()
export class CreateVirtualCardPayload {
  @Field(() => CardOrder, { nullable: true })
  order!: CardOrder | null;
  @Field(() => Card, { nullable: true })
  card!: Card | null;
  @Field(() => Boolean)
  replayed!: boolean;
  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType()
export class CreateCardContactPayload {
  @Field(() => CardContact, { nullable: true })
  contact!: CardContact | null;
  @Field(() => [UserError])
  userErrors!: UserError[];
}
