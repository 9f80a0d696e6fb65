import {
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from "class-validator";
import { GraphQLSafeInt } from "graphql-scalars";
import { Field, InputType } from "type-graphql";
import { isCardNumber } from "../../lib/card-number.mjs";

const NotACardNumber = () =>
  ValidateBy({ name: "notACardNumber", validator: { validate: (value) => !isCardNumber(String(value)) } });

@InputType()
export class MoneyInput {
  @Field(() => GraphQLSafeInt)
  @IsInt()
  @Min(500)
  @Max(500_000)
  amountMinor!: number;

  @Field(() => String, { defaultValue: "USD" })
  @IsIn(["USD"])
  currency!: string;
}

@InputType()
export class CardHolderInput {
  @Field(() => String)
  @Matches(/^[a-zA-Z]{3,}$/)
  @MaxLength(64)
  firstName!: string;

  @Field(() => String)
  @Matches(/^[a-zA-Z]{3,}$/)
  @MaxLength(64)
  lastName!: string;
}

@InputType()
export class CreateVirtualCardInput {
  @Field(() => String)
  @Matches(/^[A-Za-z0-9_-]{1,32}$/)
  @NotACardNumber()
  orderNo!: string;

  @Field(() => String)
  @Matches(/^[A-Za-z0-9_-]{1,64}$/)
  cardRangeId!: string;

  @Field(() => MoneyInput)
  @ValidateNested()
  deposit!: MoneyInput;

  @Field(() => CardHolderInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  cardHolder?: CardHolderInput | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsEmail()
  email?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Length(1, 64)
  @Matches(/^[\x21-\x7e]*$/)
  @NotACardNumber()
  customerId?: string | null;
}

@InputType()
export class CreateCardContactInput {
  @Field(() => String)
  @Length(1, 64)
  @Matches(/^(?:|(?=.*\S)[^\p{Cc}\p{Cs}]*)$/u)
  firstName!: string;

  @Field(() => String)
  @Length(1, 64)
  @Matches(/^(?:|(?=.*\S)[^\p{Cc}\p{Cs}]*)$/u)
  lastName!: string;

  @Field(() => String)
  @Matches(/^\+[1-9][0-9]{6,14}$/)
  mobile!: string;

  @Field(() => String)
  @IsEmail()
  email!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Matches(/^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8}){0,3}$/)
  language?: string | null;
}
