import type { ProviderCode } from "./provider-code.js";
import type { UserError } from "./user-error.js";

/**
 * Every way in which a provider call can end without an answer we can use. Closed: services switch over it.
 *
 * - `rejected`: a business code on the provider's list of definite refusals; nothing was done.
 * - `not_found`: the provider says that the object does not exist.
 * - `conflict`: the provider says that it has this order number already; the first one was taken.
 * - `rate_limited`: too many requests; whether this one was carried out is not known.
 * - `credentials`: our own account or configuration was refused before anything was done. An operator must act;
 *   never shown as the caller's fault.
 * - `unavailable`: provably not sent; no byte of the request left this machine.
 * - `outcome_unknown`: anything may have happened: time-out, reset, 5xx, an unlisted code.
 * - `malformed`: an answer came but cannot be understood; for a call that moves money as unknown as the above.
 */
export const PROVIDER_ERROR_KINDS = [
  "rejected",
  "not_found",
  "conflict",
  "rate_limited",
  "credentials",
  "unavailable",
  "outcome_unknown",
  "malformed",
] as const;

/** One of {@link PROVIDER_ERROR_KINDS}. */
export type ProviderErrorKind = (typeof PROVIDER_ERROR_KINDS)[number];

/** What a {@link ProviderError} is made of. */
export interface ProviderErrorParts {
  readonly provider: ProviderCode;
  readonly kind: ProviderErrorKind;
  /** A fixed phrase of our own code, such as `deadline passed`. Never text of a request or an answer. */
  readonly reason: string;
  /** The provider's own code, where it gave one. */
  readonly providerCode?: string | null;
  /** The provider's trace id, for talks with its support. */
  readonly traceId?: string | null;
  /** What the caller is told when the kind is `rejected`. */
  readonly userError?: UserError | null;
}

/**
 * The only error an adapter throws. It carries no upstream address, header or body,
 * and nothing of the HTTP library: it is safe to log as it is.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly provider: ProviderCode;
  readonly kind: ProviderErrorKind;
  readonly reason: string;
  readonly providerCode: string | null;
  readonly traceId: string | null;
  readonly userError: UserError | null;

  constructor(parts: ProviderErrorParts) {
    super(`${parts.provider} ${parts.kind}: ${parts.reason}`);
    this.provider = parts.provider;
    this.kind = parts.kind;
    this.reason = parts.reason;
    this.providerCode = parts.providerCode ?? null;
    this.traceId = parts.traceId ?? null;
    this.userError = parts.userError ?? null;
  }
}
