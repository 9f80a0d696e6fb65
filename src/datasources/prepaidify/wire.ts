import { z } from "zod";
import { isOpening } from "./status.js";
import { holdsCardNumber, plainText } from "./text.js";

/** `JSON.parse` with its newest form of reviver, which the language library's types do not know yet. */
const parseWithSource = JSON.parse as (
  text: string,
  revive: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
) => unknown;

/** What every whole number has that may be too large: a safe one has sixteen digits at most. */
const LONG_NUMBER = /\d{16}/;

/**
 * Parses JSON; undefined when the text is not JSON. Whole numbers too large for a JavaScript number come back as
 * text: a rounded trace id is another call's, and a rounded amount must not pass for an amount.
 */
export function parseJson(text: string): unknown {
  try {
    // Looking at every value costs several times what parsing does, and hardly any answer has such a number.
    if (!LONG_NUMBER.test(text)) return JSON.parse(text);
    return parseWithSource(text, (_key, value, context) => {
      if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
      return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
    });
  } catch {
    return undefined;
  }
}

/** Text, or a whole number that stands for it. */
const codeLike = z.union([z.string(), z.int().transform(String)]);

/** A field that we can do without: anything that is not text counts as absent. */
const optionalText = codeLike.nullish().catch(null);

function numberFromText(value: unknown): unknown {
  const text = typeof value === "string" ? plainText(value) : "";
  return /^-?\d{1,16}$/.test(text) ? Number(text) : value;
}

/** A safe integer, as a number or as digits. Source: Prepaidify, Things Need To Know: amounts are integer cents. */
const integer = z.preprocess(numberFromText, z.int());

/** An amount that counts as nothing where it is not given. */
const integerOrZero = integer.nullish().transform((value) => value ?? 0);

const optionalInteger = z.preprocess(numberFromText, z.int().nullish()).catch(null);

/** Source: Prepaidify shows null, its siblings show 10, 13 and 16 digits and text; `mapping.ts` tells them apart. */
const timestamp = z.union([z.string(), z.number()]).nullish().catch(null);

/**
 * The envelope of every answer. Source: Prepaidify, API For Creating Virtual Card (response example); `code` as text
 * on its page-integration page; `traceId` as text in the sibling's examples. `msg` is never looked at.
 */
const envelopeSchema = z.object({
  success: z.boolean(),
  error: z.boolean().nullish(),
  code: codeLike,
  traceId: optionalText,
  model: z.unknown().optional(),
});

/** An answer's envelope. */
export type WireEnvelope = z.infer<typeof envelopeSchema>;

/** What can be salvaged of an answer that is not to be believed. */
const tracesSchema = z.object({ code: optionalText, traceId: optionalText });

const addressFields = {
  street: optionalText,
  city: optionalText,
  state: optionalText,
  country: optionalText,
  zipCode: optionalText,
};

/** Flat as the provider has it; a later page of the sibling nests the address, which is taken as a fallback. */
const cardHolderSchema = z.object({
  firstName: optionalText,
  lastName: optionalText,
  ...addressFields,
  address: z.object(addressFields).nullish().catch(null),
});

/**
 * A placeholder is not an id, and a card number in its place must not be kept.
 * Source: Prepaidify, API For Creating Virtual Card: `-` stands for "not yet".
 */
const cardId = codeLike
  .transform(plainText)
  .refine((id) => /^[\x21-\x7e]{1,128}$/.test(id) && id !== "-" && !holdsCardNumber(id));

/**
 * The card object. Source: Prepaidify, API For Creating Virtual Card. It carries `number` and `cvc` in clear text:
 * they are not named here, so they end at this boundary.
 */
const cardFields = z.object({
  cardId,
  userId: optionalText,
  customerId: optionalText,
  cardHolderId: optionalText,
  holderName: optionalText,
  cardSeqNo: optionalText,
  deposit: integer.nullable(),
  consume: integerOrZero,
  balance: integerOrZero,
  cardBin: optionalText,
  last4: optionalText,
  status: z.string().min(1).transform(plainText),
  statusText: optionalText,
  expYear: optionalInteger,
  expMonth: optionalInteger,
  gmtCreate: timestamp,
});

/** What was loaded has to be said, unless the card is still opening. */
const cardSchema = cardFields
  .refine(({ deposit, status }) => deposit !== null || isOpening(status))
  .transform((card) => ({ ...card, deposit: card.deposit ?? 0 }));

const cardModelSchema = z.object({
  card: cardSchema,
  cardHolder: cardHolderSchema.nullish().catch(null),
  tags: z.array(z.unknown()).nullish().catch(null),
});

/** `model` of an answer that describes a card, without number and CVC. */
export type WireCardModel = z.infer<typeof cardModelSchema>;

const amountSchema = z.object({ amount: integer, currency: z.string() }).nullish().catch(null);

/** Assumed: the fields of the upstream's page; only `vid` is relied on. Guarded by prepaidify/wire.test.ts. */
const cardRangeSchema = z.object({
  vid: codeLike.transform(plainText).pipe(z.string().min(1).max(128)),
  cardBin: optionalText,
  desp: optionalText,
  posOrder: optionalInteger,
  cardCount: optionalInteger,
  activeCardCount: optionalInteger,
  newCardMinDepositAmount: amountSchema,
  accountBalance: amountSchema,
});

/** One usable card range. */
export type WireCardRange = z.infer<typeof cardRangeSchema>;

const cardRangesSchema = z.array(cardRangeSchema);

const callbackDataSchema = z.object({
  cardId: optionalText,
  // Source: Prepaidify, Risk Control webhook. Beside it stands a list of card numbers, which ends here.
  cardIds: z.array(optionalText).nullish().catch(null),
  orderNo: optionalText,
  userId: optionalText,
  status: optionalText,
  type: optionalText,
  riskControlReasonType: optionalText,
  gmtCreate: timestamp,
});

/**
 * A callback, as far as it is read. Source: Prepaidify, Successful card opening callback, Fail card opening callback,
 * Risk Control webhook. `number`, `numbers`, `cvc` and the holder's data are not named here, so they end here.
 * Sibling: a later form of the callback has `data` as JSON inside a string.
 */
const callbackSchema = z.object({
  eventType: z.string(),
  eventId: optionalText,
  webhookSubscribeId: optionalText,
  data: z.preprocess((data) => (typeof data === "string" ? parseJson(data) : data), callbackDataSchema),
});

/** A callback without anything sensitive. */
export type WireCallback = z.infer<typeof callbackSchema>;

/** Every shape that is read, by what it is; `docs/providers-fields.md` says of each of their fields where it goes. */
export const WIRE_SCHEMAS = {
  envelope: envelopeSchema,
  cardModel: cardModelSchema,
  cardRanges: cardRangesSchema,
  callback: callbackSchema,
} as const;

/** What a request for a new card says; empty members are left out when it is written. */
export interface WireCreateCard {
  readonly vid: string;
  readonly cardHolder: { readonly firstName: string; readonly lastName: string } | null;
  /** Cents as digits. Source: Prepaidify, API For Creating Virtual Card: a string in requests. */
  readonly deposit: string;
  readonly orderNo: string;
  readonly callbackUrl: string;
  readonly customerId: string | null;
}

/** The envelope of an answer, or null when the text is not one. */
export function parseEnvelope(text: string): WireEnvelope | null {
  return envelopeSchema.safeParse(parseJson(text)).data ?? null;
}

/** Code and trace id of an answer that is not believed, where it has them. */
export function parseTraces(text: string): { readonly code: string | null; readonly traceId: string | null } {
  const traces = tracesSchema.safeParse(parseJson(text)).data;
  return { code: traces?.code ?? null, traceId: traces?.traceId ?? null };
}

/** A described card, or null when `model` is not one. */
export function parseCardModel(model: unknown): WireCardModel | null {
  return cardModelSchema.safeParse(model).data ?? null;
}

/** The card ranges, or null when `model` is not a list of them. */
export function parseCardRanges(model: unknown): readonly WireCardRange[] | null {
  return cardRangesSchema.safeParse(model).data ?? null;
}

/** A callback, or null when the text is not one. */
export function parseCallback(text: string): WireCallback | null {
  return callbackSchema.safeParse(parseJson(text)).data ?? null;
}
