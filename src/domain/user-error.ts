/**
 * Why a request was refused, as a closed list that clients may switch over.
 * What each one means to a caller stands in the schema, at the enum `ErrorCode`.
 */
export const ERROR_CODES = [
  "INVALID_INPUT",
  "IDEMPOTENCY_MISMATCH",
  "NOT_FOUND",
  "CARD_NOT_OPEN",
  "RATE_LIMITED",
  "CAPABILITY_NOT_SUPPORTED",
  "PROVIDER_REJECTED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_MISCONFIGURED",
  "ISSUER_BALANCE_TOO_LOW",
  "KYC_REQUIRED",
  "CARD_CREATION_FAILED",
  "OUTCOME_UNKNOWN",
  "SETTLED_BY_HAND",
  "SPEND_LIMIT_REACHED",
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * An expected refusal, told to the caller in the payload's `userErrors`.
 * The message names the rule; no value of the input and no text of a provider ever stands in it.
 */
export interface UserError {
  readonly code: ErrorCode;
  /** A sentence for the person who reads it. */
  readonly message: string;
  /** Path into the input, such as `["cardHolder", "firstName"]`; null when no single field is at fault. */
  readonly field: readonly string[] | null;
  /** True when the very same request, sent again unchanged, may succeed. */
  readonly retryable: boolean;
  /** The provider's own code for the refusal, where it gave one. */
  readonly providerCode: string | null;
}

/** A {@link UserError} from its parts, with the usual defaults for the rest. */
export function userError(
  code: ErrorCode,
  message: string,
  parts: Partial<Pick<UserError, "field" | "retryable" | "providerCode">> = {},
): UserError {
  return { code, message, field: null, retryable: false, providerCode: null, ...parts };
}
