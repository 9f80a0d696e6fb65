import { z } from "zod";
import { isCardNumber } from "./card-number.mjs";
import { refused } from "./issuing.mjs";

const isNotACardNumber = (text) => !isCardNumber(text);
const holderName = z
  .string()
  .regex(/^[a-zA-Z]{3,}$/)
  .max(64);
const personName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^(?:|(?=.*\S)[^\p{Cc}\p{Cs}]*)$/u);

const virtualCard = z.object({
  orderNo: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .refine(isNotACardNumber),
  cardRangeId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  deposit: z.object({ amountMinor: z.int().min(500).max(500_000), currency: z.literal("USD") }),
  cardHolder: z.object({ firstName: holderName, lastName: holderName }).nullish(),
  email: z.email().nullish(),
  customerId: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\x21-\x7e]*$/)
    .refine(isNotACardNumber)
    .nullish(),
});

const cardContact = z.object({
  firstName: personName,
  lastName: personName,
  mobile: z.string().regex(/^\+[1-9][0-9]{6,14}$/),
  email: z.email(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8}){0,3}$/)
    .nullish(),
});

/** What is wrong with an order, as a mutation answers it; null when nothing is. */
export const faultsOfOrder = (input) => faultsOf(virtualCard, input);

/** What is wrong with a contact, as a mutation answers it; null when nothing is. */
export const faultsOfContact = (input) => faultsOf(cardContact, input);

function faultsOf(schema, input) {
  const { success, error } = schema.safeParse(input);
  if (success) return null;
  const userErrors = error.issues.map(({ path, message }) => ({ code: "INVALID_INPUT", message, field: path }));
  return { ...refused(), userErrors };
}
