import type { ProviderError } from "../domain/provider-error.js";
import type { RecipientRefusal } from "../domain/recipient.js";
import { type UserError, userError } from "../domain/user-error.js";

/** Why nothing is revealed. */
export const REVEAL_REFUSALS = {
  tooOften: userError("RATE_LIMITED", "Cards were revealed too often. Ask again in a minute.", { retryable: true }),
  noCard: userError("NOT_FOUND", "There is no card with this id.", { field: ["cardId"] }),
  notOpen: userError("CARD_NOT_OPEN", "Only a card that is ACTIVE or BLOCKED can be revealed; this one is not.", {
    field: ["cardId"],
  }),
  erased: userError("CARD_NOT_OPEN", "The card's end user has been erased, so it cannot be revealed any more.", {
    field: ["cardId"],
  }),
  keyNeeded: userError(
    "INVALID_INPUT",
    "recipientKey is required: this server reveals a card sealed to your key, and never in clear.",
    { field: ["recipientKey"] },
  ),
  unable: userError("CAPABILITY_NOT_SUPPORTED", "This server cannot read the card with its provider now.", {
    field: ["cardId"],
  }),
} as const;

const OF_KEYS: Readonly<Record<RecipientRefusal, string>> = {
  private:
    "recipientKey holds a private key. Nothing was done. Consider that key known to others, make another, and send its public half only.",
  unusable: "recipientKey must be the JSON text of a public JWK of kty EC and crv P-256, or of kty OKP and crv X25519.",
};

/** Why a key is not sealed to. Nothing of the key is told. */
export function keyRefusal(refusal: RecipientRefusal): UserError {
  return userError("INVALID_INPUT", OF_KEYS[refusal], { field: ["recipientKey"] });
}

/** What a provider's refusal, or its silence, means to whoever asked. Asking again harms nothing. */
export function providerRefusal(error: ProviderError): UserError {
  const { providerCode } = error;
  switch (error.kind) {
    case "rejected":
      return userError(error.userError?.code ?? "PROVIDER_REJECTED", "The issuer refused to show the card.", {
        providerCode,
      });
    case "not_found":
      return userError("PROVIDER_REJECTED", "The issuer does not know this card.", { providerCode });
    case "credentials":
      return userError(
        "PROVIDER_MISCONFIGURED",
        "The issuer refused this server's own account, and the operator has been told. Nothing was revealed.",
      );
    case "conflict":
    case "rate_limited":
    case "unavailable":
    case "outcome_unknown":
    case "malformed":
      return userError(
        "PROVIDER_UNAVAILABLE",
        "The issuer did not give an answer that can be used. Nothing was revealed; ask again.",
        { retryable: true },
      );
  }
}
