import type { CreateCardContactRequest } from "../../domain/provider.js";
import type { WireContactFields } from "./wire.js";

/** The request in Pagsmile's words; `language` only where one was given. */
export function toWireContact(request: CreateCardContactRequest): WireContactFields {
  return {
    first_name: request.firstName,
    last_name: request.lastName,
    mobile: request.mobile,
    email: request.email,
    ...(request.language === null ? {} : { language: request.language }),
  };
}

/**
 * The present moment as the envelope wants it, `yyyy-MM-dd HH:mm:ss`.
 * Assumed: UTC, as in every answer and notification; the example requests are stamped eight hours ahead and were
 * accepted, so the stamp is not tightly checked. Guarded by test/datasources/pagsmile/mapping.test.ts.
 */
export function toWireTimestamp(now: Date): string {
  return now.toISOString().slice(0, 19).replace("T", " ");
}

/** How many random bytes {@link toRequestId} takes. */
export const REQUEST_ID_BYTES = 14;

/**
 * A request's serial number from random bytes: hexadecimal groups of 8-4-4-4-8, 32 characters with the hyphens.
 * Assumed: this shape, because every example has it. Source: Pagsmile, Create Card Contact (example).
 * Guarded by test/datasources/pagsmile/mapping.test.ts.
 */
export function toRequestId(random: Uint8Array): string {
  const hex = Buffer.from(random).toString("hex");
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 28)];
  return groups.join("-");
}
