import { GraphQLSafeInt } from "graphql-scalars";
import { Field, ObjectType } from "type-graphql";

/** GraphQL type `Money`. */
@ObjectType("Money", {
  description: "An amount of money: integer minor units and a currency, never a float.",
  simpleResolvers: true,
})
export class MoneyType {
  @Field(() => GraphQLSafeInt, { description: "The amount in minor units (cents for USD): 1000 is USD 10.00." })
  amountMinor!: number;

  @Field(() => String, { description: "ISO 4217 currency code, upper case, such as `USD`." })
  currency!: string;

  @Field(() => String, {
    description: "The amount as a plain decimal text without currency sign or grouping, such as `10.00`.",
  })
  formatted!: string;
}
