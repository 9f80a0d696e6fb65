import type { ProviderErrorKind } from "../../domain/provider-error.js";
import { type UserError, userError } from "../../domain/user-error.js";
import type { WireResponse } from "./wire.js";

/** The code of success. Source: Pagsmile, Create Card Contact (example 200). */
export const SUCCESS_CODE = "10000";

/** What an answer's business code means. */
export interface Verdict {
  readonly kind: ProviderErrorKind;
  /** A fixed phrase of ours. */
  readonly reason: string;
  /** `code` or `code/sub_code`; null when they are not code-like and so not fit to be shown. */
  readonly providerCode: string | null;
  readonly userError: UserError | null;
  /** True when no list of ours has the code: an operator wants to know. */
  readonly unlisted: boolean;
}

interface Meaning {
  readonly kind: ProviderErrorKind;
  readonly reason: string;
}

const CREDENTIALS: Meaning = { kind: "credentials", reason: "account refused" };
const REJECTED: Meaning = { kind: "rejected", reason: "refused by the provider" };
const CONFLICT: Meaning = { kind: "conflict", reason: "already exists" };
const UNCLEAR: Meaning = { kind: "outcome_unknown", reason: "provider reports a fault of its own" };

/**
 * What is known of each `code`, whatever its `sub_code`.
 *
 * Source: Pagsmile, Payin API code table.
 * Assumed: the issuing API uses the payin codes, whose error body is the same; the issuing pages show one failure
 * only. Guarded by test/datasources/pagsmile/errors.test.ts.
 */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  "20000": UNCLEAR,
  "30000": CREDENTIALS,
  "30003": UNCLEAR,
  "30004": UNCLEAR,
  "40001": REJECTED,
  // Method or media type not supported: what answers is not the address we were configured for.
  "40004": CREDENTIALS,
  "40005": CREDENTIALS,
  "70001": UNCLEAR,
  "90001": UNCLEAR,
};

/**
 * What is known of `code/sub_code`; looked up first. Only these are definite where the code alone says nothing.
 *
 * Source: Pagsmile, Create Card Contact (example 400) for `40002/invalid-signature`; the Payin API code table for the
 * rest, its misspelling `dublicate` included.
 * Assumed: nothing is signed, so `invalid-signature` means that Pagsmile could not decrypt the request or identify
 * its sender. Guarded by test/datasources/pagsmile/errors.test.ts.
 */
const BY_SUB_CODE: Readonly<Record<string, Meaning>> = {
  "30001/": REJECTED,
  "30001/parameters-error": REJECTED,
  "30001/invalid-user": REJECTED,
  "30001/invalid-amount": REJECTED,
  "30001/amount-range-error": REJECTED,
  "30001/exceed-amount-limit": REJECTED,
  "30001/dublicate-data": CONFLICT,
  "30001/dublicate-order": CONFLICT,
  "40002/dublicate-data": CONFLICT,
  "40002/dublicate-order": CONFLICT,
  "40002/invalid-signature": CREDENTIALS,
  "40002/missing-signature-config": CREDENTIALS,
  "40002/merchant-status-abnormal": CREDENTIALS,
  "40002/bank-side-busy": UNCLEAR,
  "40002/SYS-0001": UNCLEAR,
  "40002/gen-card-token-fail": UNCLEAR,
  "40002/card-token-expired": UNCLEAR,
};

const MESSAGES: Partial<Readonly<Record<ProviderErrorKind, string>>> = {
  rejected: "The issuer refused these contact details. Check them and try again.",
  conflict: "The issuer already has a contact with these details.",
};

/** Judges a failure's business code. The provider's own texts are never looked at and travel nowhere. */
export function judgeFailure(response: WireResponse): Verdict {
  const subCode = response.sub_code ?? "";
  const listed = lookUp(BY_SUB_CODE, `${response.code}/${subCode}`) ?? lookUp(BY_CODE, response.code);
  const { kind, reason } = listed ?? { kind: "outcome_unknown", reason: "unlisted code" };
  const providerCode = formatCode(response.code, subCode);
  const message = MESSAGES[kind];
  return {
    kind,
    reason,
    providerCode,
    userError: message === undefined ? null : userError("PROVIDER_REJECTED", message, { providerCode }),
    unlisted: listed === undefined,
  };
}

function lookUp(table: Readonly<Record<string, Meaning>>, key: string): Meaning | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Codes travel to logs and clients, so only what looks like one is let through. */
function formatCode(code: string, subCode: string): string | null {
  const isToken = (text: string): boolean => /^[A-Za-z0-9_.-]{1,32}$/.test(text);
  if (!isToken(code)) return null;
  return isToken(subCode) ? `${code}/${subCode}` : code;
}
