import { z } from "zod";
import { mayBeCardNumber } from "../../domain/card-number.js";
import type { CardSecrets } from "../../domain/card-secrets.js";
import { Secret } from "../../domain/secret.js";
import { plainText } from "./text.js";

/** Source: Prepaidify, API For Creating Virtual Card: `-` in their place while the card is opening. */
const PLACEHOLDERS: ReadonlySet<unknown> = new Set(["-", "", null, undefined]);

/** Source: Prepaidify shows the number with blanks in a callback; digits alone are what it is. */
const number = z
  .string()
  .transform((text) => text.replaceAll(/[ -]/g, ""))
  .refine(mayBeCardNumber);

const secretsSchema = z
  .object({
    number,
    cvc: z.string().regex(/^\d{3,4}$/),
    expMonth: z.coerce.number().int().min(1).max(12),
    expYear: z.coerce.number().int().min(2000).max(2999),
    holderName: z.string().max(256).transform(plainText).nullish().catch(null),
  })
  .transform(
    ({ holderName, ...rest }): Secret<CardSecrets> =>
      new Secret({ ...rest, holderName: PLACEHOLDERS.has(holderName) ? null : (holderName ?? null) }),
  );

/** A described card with what is dropped everywhere else, under lock. */
const revealedSchema = z.object({
  card: z.object({ number: z.unknown(), cvc: z.unknown() }).loose(),
});

/**
 * Number and CVC of a described card; `secrets` is null for placeholders. Null when `model` is no card with either.
 * The only place that reads them; nothing but a `Secret` leaves it.
 */
export function parseCardSecrets(model: unknown): { readonly secrets: Secret<CardSecrets> | null } | null {
  const card = revealedSchema.safeParse(model).data?.card;
  if (!card) return null;
  if (PLACEHOLDERS.has(card.number) || PLACEHOLDERS.has(card.cvc)) return { secrets: null };
  const secrets = secretsSchema.safeParse(card).data;
  return secrets ? { secrets } : null;
}
