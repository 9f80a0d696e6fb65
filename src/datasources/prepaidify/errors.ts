import { ProviderError, type ProviderErrorKind } from "../../domain/provider-error.js";
import { type ErrorCode, userError } from "../../domain/user-error.js";
import type { RestAnswer } from "../rest-datasource.js";
import { holdsCardNumber, toToken, withoutLongNumbers } from "./text.js";
import { parseEnvelope, parseTraces, type WireEnvelope } from "./wire.js";

/** The calls of this adapter; what a code means may depend on the call. */
export type Operation = "create" | "info" | "reveal" | "ranges";

/** What a business code means. */
interface Ruling {
  readonly kind: ProviderErrorKind;
  /** A fixed phrase of ours. */
  readonly reason: string;
  /** What the caller is told; only definite refusals have it. */
  readonly told?: { readonly code: ErrorCode; readonly message: string; readonly field: readonly string[] | null };
}

const CREDENTIALS: Ruling = { kind: "credentials", reason: "account refused" };
const CONFLICT: Ruling = { kind: "conflict", reason: "order number taken" };
const UNKNOWN: Ruling = { kind: "outcome_unknown", reason: "provider reports a fault of its own" };
const UNLISTED: Ruling = { kind: "outcome_unknown", reason: "unlisted code" };

function refusal(message: string, field: readonly string[] | null = null, code?: ErrorCode): Ruling {
  return {
    kind: "rejected",
    reason: "refused by the provider",
    told: { code: code ?? "PROVIDER_REJECTED", message, field },
  };
}

const PARAMETERS = refusal("The issuer did not accept the values of this order.");
const DEPOSIT = ["deposit", "amountMinor"];
const WRONG_EMAIL = refusal("The issuer knows this card under another e-mail address.", ["email"]);

/**
 * What is known of each code. A code is on this list of definite refusals, or its outcome is unknown.
 *
 * Source: Alchemy Pay (sibling), "Error code". Assumed: Prepaidify uses the same numbers, since its own page of that
 * title could not be read; the reading of each one is ours. Guarded by prepaidify/errors.test.ts.
 */
const RULINGS: Readonly<Record<string, Ruling>> = {
  "1": UNKNOWN,
  "100000": UNKNOWN,
  "200001": PARAMETERS,
  "200002": PARAMETERS,
  "200003": CREDENTIALS,
  "200004": CREDENTIALS,
  "200005": CREDENTIALS,
  "200006": CREDENTIALS,
  "200007": CREDENTIALS,
  "200008": CREDENTIALS,
  "200009": CREDENTIALS,
  "300001": CONFLICT,
  "300002": CREDENTIALS,
  "300003": refusal("The deposit is outside the issuer's limits for one order.", DEPOSIT),
  "300004": UNKNOWN,
  "300005": refusal("The issuer reports that something is wrong with the card."),
  "300006": refusal("The issuer's conditions for opening this card are not met."),
  "400000": PARAMETERS,
  "400004": UNKNOWN,
  "400005": refusal("The issuer does not accept this deposit.", DEPOSIT),
  "400006": refusal("The issuer does not accept the length of an address."),
  "400007": refusal("The issuer does not accept this currency.", ["deposit", "currency"]),
  "403010": refusal("The state of the card does not allow this."),
  "403101": refusal("The issuing account has too little money for this deposit.", null, "ISSUER_BALANCE_TOO_LOW"),
  "404005": { kind: "not_found", reason: "no such card" },
  "500000": UNKNOWN,
  "600000": refusal("The issuer does not know a user of this e-mail address.", ["email"]),
  "600001": refusal("The user of this e-mail address has to complete KYC first.", ["email"], "KYC_REQUIRED"),
  "600002": UNKNOWN,
  "600003": CONFLICT,
  "600004": UNKNOWN,
  "600005": UNKNOWN,
  "600006": UNKNOWN,
  "600010": UNKNOWN,
  "600011": UNKNOWN,
};

/**
 * What a code means for a call; undefined when no list of ours has it. A user who does not match a card is the
 * caller's fault only where the caller names both; when we read a card, we have mixed up our own records.
 */
function rulingOf(operation: Operation, code: string): Ruling | undefined {
  if (code === "403009") return operation === "create" ? WRONG_EMAIL : CREDENTIALS;
  return Object.hasOwn(RULINGS, code) ? RULINGS[code] : undefined;
}

/** What an answer amounts to. */
export type AnswerReading =
  | { readonly ok: true; readonly model: unknown; readonly traceId: string | null }
  | { readonly ok: false; readonly error: ProviderError; readonly unlisted: boolean };

/**
 * Sorts an answer. Pure. Only a business code on the list of definite refusals is a refusal; only a well-formed
 * answer that says success in both ways is one; the provider's own texts are never looked at.
 */
export function readAnswer(operation: Operation, answer: RestAnswer): AnswerReading {
  if (answer.status === 429) return failed("rate_limited", "too many requests", parseTraces(answer.body));
  // A server error proves nothing, whatever its body says: what stands behind the gateway may have gone on.
  if (answer.status >= 500) return failed("outcome_unknown", "server error", parseTraces(answer.body));
  if (answer.status >= 300 && answer.status < 400) return failed("malformed", "redirect");
  // Assumed: below that the body decides, since no status is documented for failures.
  // Guarded by prepaidify/errors.test.ts.
  const envelope = parseEnvelope(answer.body);
  if (envelope === null) return failed("malformed", "not an answer of this API");
  const contradiction = findContradiction(envelope, answer.status);
  if (contradiction !== null) return failed("malformed", contradiction, envelope);
  if (envelope.success) return { ok: true, model: envelope.model, traceId: safeTraceId(envelope.traceId) };
  return judge(operation, envelope);
}

/** The error of an answer that says success but cannot be believed. */
export function unbelievable(reason: string, traceId: string | null): ProviderError {
  return new ProviderError({ provider: "PREPAIDIFY", kind: "malformed", reason, traceId });
}

/** Source: Prepaidify, API For Creating Virtual Card: `error` is the opposite of `success`, and 0 is success. */
function findContradiction({ success, error, code, model }: WireEnvelope, status: number): string | null {
  if (error === success) return "success and error contradict each other";
  if (success !== (code === "0")) return "success and code contradict each other";
  if (success && status >= 400) return "success and status contradict each other";
  // A refusal says that nothing was done; one that describes a card may have opened it.
  if (!success && typeof model === "object" && model !== null && "card" in model) return "refusal with a card";
  return null;
}

function judge(operation: Operation, envelope: WireEnvelope): AnswerReading {
  const listed = rulingOf(operation, envelope.code);
  const { kind, reason, told } = listed ?? UNLISTED;
  const providerCode = safeCode(envelope.code);
  const error = new ProviderError({
    provider: "PREPAIDIFY",
    kind,
    reason,
    providerCode,
    traceId: safeTraceId(envelope.traceId),
    userError: told ? userError(told.code, told.message, { field: told.field, providerCode }) : null,
  });
  return { ok: false, error, unlisted: listed === undefined };
}

function failed(
  kind: ProviderErrorKind,
  reason: string,
  traces: { readonly code?: string | null; readonly traceId?: string | null } = {},
): AnswerReading {
  const { code, traceId } = traces;
  const error = new ProviderError({
    provider: "PREPAIDIFY",
    kind,
    reason,
    providerCode: code === null || code === undefined ? null : safeCode(code),
    traceId: safeTraceId(traceId),
  });
  return { ok: false, error, unlisted: false };
}

/** Codes travel to logs and clients, so only what looks like one is let through. */
function safeCode(code: string): string | null {
  const isSafe = /^[A-Za-z0-9_.-]{1,32}$/.test(code) && withoutLongNumbers(code) === code && !holdsCardNumber(code);
  return isSafe ? code : null;
}

/** Source: Prepaidify shows a number such as 1646648711017, the sibling hexadecimal text of 32 characters. */
function safeTraceId(traceId: string | null | undefined): string | null {
  return traceId === null || traceId === undefined ? null : toToken(traceId, 64);
}
