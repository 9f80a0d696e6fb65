import { IsIn, IsInt, IsOptional, IsUrl, Length, Matches, Max, MaxLength, Min, ValidateNested } from "class-validator";
import { GraphQLSafeInt } from "graphql-scalars";
import { Field, ID, InputType } from "type-graphql";
import type { ProviderCode } from "../domain/provider-code.js";
import { EmailAddress } from "./email-address.rule.js";
import { ProviderCodeEnum } from "./enums.js";
import { NotACardNumber } from "./not-a-card-number.rule.js";

// Rules come from the providers' pages: Pagsmile, "Create Card Contact"; Prepaidify, "API For Creating Virtual Card".
// Every message names its field and its rule, and no message may hold `$value`: inputs hold personal data.

/** Source: Prepaidify, "API For Creating Virtual Card", notice on the recharge amount: 5 USD to 5000 USD. */
const DEPOSIT_MIN_MINOR = 500;
const DEPOSIT_MAX_MINOR = 500_000;

/** Rule of an order number: what every generation of the provider's documents accepts. */
export const ORDER_NO = /^[A-Za-z0-9_-]{1,32}$/;
const E164 = /^\+[1-9][0-9]{6,14}$/;
/** A quoted local part may hold blanks and line breaks by the rules of e-mail; no provider takes such an address. */
const NOT_QUOTED = /^(?!")/;
/** What can stand in an HTTP header, where the provider wants the address. */
const ASCII = /^[\x20-\x7e]*$/;
const HOLDER_NAME = /^[a-zA-Z]{3,}$/;
/** Empty passes here: its length is what is wrong with it. */
const NOT_BLANK_NOR_CONTROL = /^(?:|(?=.*\S)[^\p{Cc}\p{Cs}]*)$/u;

/** GraphQL input `MoneyInput`. */
@InputType("MoneyInput", { description: "An amount of money: integer minor units and a currency." })
export class MoneyInput {
  @Field(() => GraphQLSafeInt, { description: "The amount in minor units (cents for USD): 1000 is USD 10.00." })
  @IsInt({ message: "deposit.amountMinor must be an integer number of minor units" })
  @Min(DEPOSIT_MIN_MINOR, { message: "deposit.amountMinor must be at least 500 (USD 5.00)" })
  @Max(DEPOSIT_MAX_MINOR, { message: "deposit.amountMinor must be at most 500000 (USD 5000.00)" })
  amountMinor!: number;

  @Field(() => String, { defaultValue: "USD", description: "ISO 4217 currency code; only `USD`." })
  @IsIn(["USD"], { message: "deposit.currency must be USD" })
  currency!: string;
}

/** GraphQL input `CardHolderInput`. */
@InputType("CardHolderInput", {
  description: "The person the card is issued to. Left out: the provider chooses a name.",
})
export class CardHolderInput {
  @Field(() => String, { description: "Given name: at least 3 letters, `a` to `z` and `A` to `Z` only." })
  @Matches(HOLDER_NAME, { message: "cardHolder.firstName must be at least 3 letters a-z or A-Z and nothing else" })
  @MaxLength(64, { message: "cardHolder.firstName must be at most 64 letters" })
  firstName!: string;

  @Field(() => String, { description: "Family name: at least 3 letters, `a` to `z` and `A` to `Z` only." })
  @Matches(HOLDER_NAME, { message: "cardHolder.lastName must be at least 3 letters a-z or A-Z and nothing else" })
  @MaxLength(64, { message: "cardHolder.lastName must be at most 64 letters" })
  lastName!: string;
}

/** GraphQL input `CreateVirtualCardInput`. */
@InputType("CreateVirtualCardInput", { description: "An order for a virtual card and its first deposit." })
export class CreateVirtualCardInput {
  @Field(() => String, {
    description:
      "Your number for this order, 1 to 32 of `A-Z a-z 0-9 _ -`. It is the idempotency key: the same number with the same input is the same order, and no number is ever used for a second one.",
  })
  @Matches(ORDER_NO, { message: "orderNo must be 1 to 32 characters of A-Z, a-z, 0-9, _ and -" })
  @NotACardNumber({ message: "orderNo must not be a card number" })
  orderNo!: string;

  @Field(() => String, {
    description: "The card range to open the card from: an id of `cardRanges`, 1 to 64 characters.",
  })
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: "cardRangeId must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -" })
  cardRangeId!: string;

  @Field(() => MoneyInput, {
    description: "The first deposit: USD 5.00 to USD 5000.00. It is spent from the issuing account.",
  })
  @ValidateNested()
  deposit!: MoneyInput;

  @Field(() => CardHolderInput, {
    nullable: true,
    description: "The person the card is issued to. Null: the provider chooses.",
  })
  @IsOptional()
  @ValidateNested()
  cardHolder?: CardHolderInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The end user's e-mail address, by which the provider knows the card's owner. Null: the configured one.",
  })
  @IsOptional()
  @EmailAddress({ message: "email must be an e-mail address" })
  @Matches(NOT_QUOTED, { message: "email must not have a quoted local part" })
  @Matches(ASCII, { message: "email must be plain ASCII; write an international domain in its xn-- form" })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Your id of the customer, 1 to 64 characters; comes back on the card.",
  })
  @IsOptional()
  @Length(1, 64, { message: "customerId must be 1 to 64 characters" })
  @Matches(/^[\x21-\x7e]*$/, { message: "customerId must be printable ASCII without blanks" })
  @NotACardNumber({ message: "customerId must not be a card number" })
  customerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Your own https address for signed events, at most 256 characters. It has to be public. Every change of the order is posted to it, signed as Standard Webhooks say, and tried again for about three days; the same message may come twice.",
  })
  @IsOptional()
  @MaxLength(256, { message: "callbackUrl must be at most 256 characters" })
  @IsUrl(
    { protocols: ["https"], require_protocol: true, disallow_auth: true, require_tld: false },
    { message: "callbackUrl must be an https address without credentials" },
  )
  @Matches(NOT_BLANK_NOR_CONTROL, { message: "callbackUrl must not hold control characters" })
  callbackUrl?: string | null;

  @Field(() => ProviderCodeEnum, { nullable: true, description: "The provider to use. Null: the only one that can." })
  @IsOptional()
  provider?: ProviderCode | null;
}

/** GraphQL input `RevealCardInput`. */
@InputType("RevealCardInput", { description: "A card to reveal, the key to seal it to, and why." })
export class RevealCardInput {
  @Field(() => ID, { description: "Our id of the card." })
  @Matches(/^[\x21-\x7e]{1,64}$/, { message: "cardId must be an id of a card" })
  cardId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Your public key as the JSON text of a JWK, at most 1024 characters: kty EC with crv P-256, or kty OKP with crv X25519. Never a private key. Null: in clear, which is for sandboxes.",
  })
  @IsOptional()
  @Length(2, 1024, { message: "recipientKey must be the JSON text of a JWK, at most 1024 characters" })
  recipientKey?: string | null;

  @Field(() => String, {
    description: "What the card is revealed for, 3 to 200 characters. It is kept in the audit log.",
  })
  @Length(3, 200, { message: "reason must be 3 to 200 characters" })
  @Matches(NOT_BLANK_NOR_CONTROL, { message: "reason must not be blank or hold control characters" })
  reason!: string;
}

/** GraphQL input `CreateCardContactInput`. */
@InputType("CreateCardContactInput", { description: "A card contact to make." })
export class CreateCardContactInput {
  @Field(() => String, { description: "Given name, 1 to 64 characters." })
  @Length(1, 64, { message: "firstName must be 1 to 64 characters" })
  @Matches(NOT_BLANK_NOR_CONTROL, { message: "firstName must not be blank or hold control characters" })
  firstName!: string;

  @Field(() => String, { description: "Family name, 1 to 64 characters." })
  @Length(1, 64, { message: "lastName must be 1 to 64 characters" })
  @Matches(NOT_BLANK_NOR_CONTROL, { message: "lastName must not be blank or hold control characters" })
  lastName!: string;

  @Field(() => String, {
    description: "Mobile number in E.164 form, such as `+861234789999`; kept with its plus sign.",
  })
  @Matches(E164, { message: "mobile must be in E.164 form: a plus sign, then 7 to 15 digits, the first not 0" })
  mobile!: string;

  @Field(() => String, { description: "E-mail address." })
  @EmailAddress({ message: "email must be an e-mail address" })
  @Matches(NOT_QUOTED, { message: "email must not have a quoted local part" })
  email!: string;

  @Field(() => String, { nullable: true, description: "Language the contact prefers, such as `en` or `pt-BR`." })
  @IsOptional()
  @Matches(/^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8}){0,3}$/, {
    message: "language must be a language tag such as en or pt-BR",
  })
  language?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "1 to 128 printable ASCII characters. The same key with the same input gives the first answer again.",
  })
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,128}$/, {
    message: "idempotencyKey must be 1 to 128 printable ASCII characters without blanks",
  })
  idempotencyKey?: string | null;

  @Field(() => ProviderCodeEnum, { nullable: true, description: "The provider to use. Null: the only one that can." })
  @IsOptional()
  provider?: ProviderCode | null;
}
