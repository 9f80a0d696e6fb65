import { z } from "zod";

/** A business code as it comes: the documents print text, related pages print numbers. */
const codeSchema = z.union([z.string(), z.number().int()]).transform(String);

/**
 * The common envelope of an answer. Source: Pagsmile, Create Card Contact (examples 200 and 400); the table is the
 * sibling Remittance API's common page. Fields that we do not use are not looked at.
 */
const responseSchema = z.object({
  code: codeSchema,
  msg: z.string().nullish(),
  sub_code: codeSchema.nullish(),
  sub_msg: z.string().nullish(),
  /** On the wire a string: the encrypted JSON. */
  data: z.string().nullish(),
  random_key: z.string().nullish(),
  app_id: z.string().nullish(),
});

/** An answer as it stands on the wire. `data` is still encrypted. */
export type WireResponse = z.infer<typeof responseSchema>;

/** Source: Pagsmile, Create Card Contact: `contact_id` is a long. As text at most 64 characters; zero names nothing. */
const contactIdSchema = z
  .union([z.int().positive().transform(String), z.string()])
  .refine((id) => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(id) && !/^0+$/.test(id));

const contactSchema = z.object({ contact_id: contactIdSchema });

/** Every shape that is read, by what it is; `docs/providers-fields.md` says of each of their fields where it goes. */
export const WIRE_SCHEMAS = { response: responseSchema, contact: contactSchema } as const;

/** What a request for a new contact says. Source: Pagsmile, Create Card Contact, table "Biz_data". */
export interface WireContactFields {
  readonly first_name: string;
  readonly last_name: string;
  readonly mobile: string;
  readonly email: string;
  readonly language?: string;
}

/**
 * The common envelope of a request. Source: Pagsmile, Create Card Contact (example).
 * Assumed: `sub_partner_id` is left out unless there is one, as in the newest pages. Guarded by
 * test/datasources/pagsmile/client.test.ts.
 */
export interface WireRequest {
  readonly app_id: string;
  readonly partner_id: string;
  readonly sub_partner_id?: string;
  readonly request_id: string;
  readonly timestamp: string;
  readonly format: "JSON";
  readonly version: string;
  readonly random_key: string;
  readonly sign_type: "RSA";
  readonly biz_data: string;
}

/** The answer's envelope, or null when the text is not one. */
export function parseResponse(text: string): WireResponse | null {
  const parsed = responseSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** The new contact's id out of the decrypted business object, as text with every digit; null when there is none. */
export function parseContactId(text: string): string | null {
  const parsed = contactSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data.contact_id : null;
}

/** `JSON.parse` with its newest form of reviver, which the language library's types do not know yet. */
const parseWithSource = JSON.parse as (
  text: string,
  revive: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
) => unknown;

/**
 * Parses JSON; whole numbers too large for a JavaScript number come back as text, because a long may have 19 digits
 * and a rounded id is another object's id. Undefined when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return parseWithSource(text, (_key, value, context) => {
      if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
      return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
    });
  } catch {
    return undefined;
  }
}
