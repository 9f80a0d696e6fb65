import type { ErrorCode } from "./generated/graphql.js";

/** What a person can do about a refusal. The compiler names a code that is forgotten here. */
export function adviceFor(code: ErrorCode): string {
  switch (code) {
    case "INVALID_INPUT":
      return "Correct the marked fields and send the order again.";
    case "IDEMPOTENCY_MISMATCH":
      return "An order was placed under this number with other details. It is shown here.";
    case "CAPABILITY_NOT_SUPPORTED":
      return "Cards cannot be issued here at present.";
    case "NOT_FOUND":
      return "There is no such card here.";
    case "CARD_NOT_OPEN":
      return "The card is not open. Look at its state.";
    case "RATE_LIMITED":
      return "That was asked for too often. Wait a minute.";
    case "PROVIDER_UNAVAILABLE":
      return "The issuer cannot be reached. The order is kept and sent later.";
    case "PROVIDER_MISCONFIGURED":
    case "ISSUER_BALANCE_TOO_LOW":
      return "This is not your fault. Tell the people who run this service.";
    case "KYC_REQUIRED":
      return "The cardholder has to confirm their identity with the issuer first.";
    case "CARD_CREATION_FAILED":
      return "The deposit was refunded in full. You can order another card.";
    case "OUTCOME_UNKNOWN":
      return "Whether it was done is not known yet. Look again before you repeat it.";
    case "SETTLED_BY_HAND":
      return "The people who run this service looked into the order and closed it.";
    case "SPEND_LIMIT_REACHED":
      return "No more can be ordered today. Order less, or try again tomorrow.";
    case "PROVIDER_REJECTED":
      return REJECTED;
    default:
      return unknownCode(code);
  }
}

const REJECTED = "The issuer refused this order. Nothing was spent.";

/** A newer server may know more codes; by the schema they are to be read as `PROVIDER_REJECTED`. */
function unknownCode(_code: never): string {
  return REJECTED;
}
