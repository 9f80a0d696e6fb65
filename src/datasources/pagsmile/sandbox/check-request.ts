import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Clock } from "../../../domain/clock.js";
import type { EnvelopeCodec } from "../codec.js";
import { parseJson } from "../wire.js";

/** How a request is refused: the failure body's codes and texts. */
export interface SandboxRefusal {
  readonly status: number;
  readonly code: string;
  readonly msg: string;
  readonly subCode: string;
  readonly subMsg: string;
}

/** A refused request, thrown by {@link checkRequest}. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly refusal: SandboxRefusal;

  constructor(refusal: SandboxRefusal) {
    super(refusal.subMsg);
    this.refusal = refusal;
  }
}

/** The decrypted fields of a contact. Source: Pagsmile, Create Card Contact, table "Biz_data". */
export type SandboxContact = z.infer<typeof contactSchema>;

/** What requests are checked against. */
export interface CheckParts {
  readonly appId: string;
  readonly partnerId: string;
  readonly clock: Clock;
  readonly codec: EnvelopeCodec;
  /** Notes a request id; false when it was there already. */
  readonly isFresh: (requestId: string) => boolean;
}

/**
 * How far a request's stamp may be from the clock. Assumed: a day, because stamps eight hours off are in the
 * documents' own examples. Guarded by test/datasources/pagsmile/sandbox.test.ts.
 */
const STAMP_WINDOW_MS = 24 * 60 * 60 * 1000;

const filled = z.string().min(1);
/** Source: Pagsmile, common page: the starred fields of the envelope. */
const envelopeSchema = z.object({
  app_id: filled,
  partner_id: filled,
  sub_partner_id: z.string().optional(),
  request_id: filled,
  timestamp: filled,
  format: z.literal("JSON").optional(),
  version: filled,
  sign_type: filled,
  random_key: filled,
  biz_data: filled,
});

const contactSchema = z.object({
  first_name: filled,
  last_name: filled,
  mobile: filled,
  email: filled,
  language: filled.optional(),
});

const REQUEST_ID = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{8}$/;
const STAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** Source: Pagsmile, Create Card Contact, example 400. */
const INVALID_SIGNATURE = failure("40002", "Business Failed", "invalid-signature", "invalid signature");

/** Checks a request as strictly as the documents allow and decrypts it. Throws {@link RefusedRequest}. */
export async function checkRequest(
  headers: IncomingHttpHeaders,
  body: string,
  parts: CheckParts,
): Promise<SandboxContact> {
  if (!/^application\/json; ?charset=utf-8$/i.test(headers["content-type"] ?? "")) {
    throw failure("40005", "MediaType Not Supported", "", "content type must be application/json; charset=UTF-8");
  }
  const envelope = envelopeSchema.safeParse(parseJson(body));
  if (!envelope.success) throw missing(envelope.error);
  const fields = envelope.data;
  if (fields.app_id !== parts.appId || fields.partner_id !== parts.partnerId) throw INVALID_SIGNATURE;
  if (fields.sign_type !== "RSA") throw wrong("sign_type must be RSA");
  if (fields.version !== "1.0" && fields.version !== "2.0") throw wrong("version must be 1.0 or 2.0");
  if (!REQUEST_ID.test(fields.request_id)) throw wrong("request_id must have 32 characters");
  checkStamp(fields.timestamp, parts.clock);
  if (!parts.isFresh(fields.request_id)) throw wrong("request_id was used before");
  const text = await parts.codec.open({ randomKey: fields.random_key, data: fields.biz_data }).catch(() => {
    throw INVALID_SIGNATURE;
  });
  return checkContact(text);
}

/** A refusal with HTTP 400, as every business failure. Source: Pagsmile, Create Card Contact (tab 400). */
export function failure(code: string, msg: string, subCode: string, subMsg: string, status = 400): RefusedRequest {
  return new RefusedRequest({ status, code, msg, subCode, subMsg });
}

function checkStamp(timestamp: string, clock: Clock): void {
  const stampMs = STAMP.test(timestamp) ? Date.parse(`${timestamp.replace(" ", "T")}Z`) : Number.NaN;
  if (Number.isNaN(stampMs)) throw wrong("timestamp must be yyyy-MM-dd HH:mm:ss");
  if (Math.abs(stampMs - clock.now().getTime()) > STAMP_WINDOW_MS) throw wrong("timestamp is too far off");
}

function checkContact(text: string): SandboxContact {
  const contact = contactSchema.safeParse(parseJson(text));
  if (!contact.success) throw missing(contact.error);
  // Source: Pagsmile, Create Card Contact: both names are string(64).
  for (const name of ["first_name", "last_name"] as const) {
    if ([...contact.data[name]].length > 64) throw wrong(`${name} must have at most 64 characters`);
  }
  return contact.data;
}

/** Names the field only, never its value. */
function missing(error: z.ZodError): RefusedRequest {
  const field = error.issues[0]?.path.join(".") || "body";
  return failure("40001", "Missing Required Arguments", "", `${field} is missing or has the wrong type`);
}

function wrong(subMsg: string): RefusedRequest {
  return failure("30001", "Input data errors", "parameters-error", subMsg);
}
