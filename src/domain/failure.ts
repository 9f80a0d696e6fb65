import type { OrderFailure } from "./order.js";
import type { ProviderError } from "./provider-error.js";

/**
 * The failure that a provider's error amounts to, or null when it is not a definite refusal.
 *
 * - `rejected` is a business refusal.
 * - `credentials` means that our own account was refused before anything was done.
 * - Everything else, `conflict` included, may hide a request that was carried out.
 */
export function failureOf(error: ProviderError): OrderFailure | null {
  switch (error.kind) {
    case "rejected":
      return {
        code: error.userError?.code ?? "PROVIDER_REJECTED",
        providerCode: error.providerCode,
        field: error.userError?.field ?? null,
      };
    case "credentials":
      return { code: "PROVIDER_MISCONFIGURED", providerCode: null, field: null };
    case "not_found":
    case "conflict":
    case "rate_limited":
    case "unavailable":
    case "outcome_unknown":
    case "malformed":
      return null;
  }
}
