import { registerEnumType } from "type-graphql";
import { CARD_LIFECYCLES, CARD_STATUSES, type CardLifecycle, type CardStatus } from "../domain/card-status.js";
import { CARD_ORDER_STATES, type CardOrderState, REVIEW_REASONS, type ReviewReason } from "../domain/order.js";
import { ORDER_EVIDENCE, type OrderEvidence } from "../domain/order-event.js";
import { type CapabilityName, PROVIDER_CODES, type ProviderCode, type ProviderMode } from "../domain/provider-code.js";
import { ERROR_CODES, type ErrorCode } from "../domain/user-error.js";

type EnumObject<Value extends string> = { readonly [Name in Value]: Name };

/** An enum object from a closed list, registered with a description for the type and for each of its values. */
function describedEnum<const Value extends string>(
  name: string,
  description: string,
  values: readonly Value[],
  descriptions: Readonly<Record<Value, string>>,
): EnumObject<Value> {
  const enumObject = Object.fromEntries(values.map((value) => [value, value])) as EnumObject<Value>;
  const valuesConfig = Object.fromEntries(values.map((value) => [value, { description: descriptions[value] }]));
  registerEnumType(enumObject, { name, description, valuesConfig: valuesConfig as never });
  return enumObject;
}

/** GraphQL enum `ProviderCode`. */
export const ProviderCodeEnum = describedEnum<ProviderCode>(
  "ProviderCode",
  "A card provider that this server can speak to.",
  PROVIDER_CODES,
  {
    PAGSMILE: "Pagsmile, Issuing Card API: makes card contacts.",
    PREPAIDIFY: "Prepaidify, virtual card API: opens virtual cards.",
  },
);

/** GraphQL enum `Capability`. */
export const CapabilityEnum = describedEnum<CapabilityName>(
  "Capability",
  "Something that a provider can do through this server.",
  ["CREATE_CARD_CONTACT", "CREATE_VIRTUAL_CARD", "READ_CARD", "REVEAL_CARD", "LIST_CARD_RANGES"],
  {
    CREATE_CARD_CONTACT: "Makes card contacts.",
    CREATE_VIRTUAL_CARD: "Opens virtual cards.",
    READ_CARD: "Tells a card's present state.",
    REVEAL_CARD: "Shows a card's full number and CVC to a caller who may see them.",
    LIST_CARD_RANGES: "Lists the card ranges that cards can be opened from.",
  },
);

/** GraphQL enum `ProviderMode`. */
export const ProviderModeEnum = describedEnum<ProviderMode>(
  "ProviderMode",
  "Whether a provider is the real one.",
  ["LIVE", "SANDBOX"],
  {
    LIVE: "Reached with a configured account. Deposits are real.",
    SANDBOX: "This server's own sandbox, which speaks the provider's protocol. No money moves.",
  },
);

/** GraphQL enum `CardStatus`. */
export const CardStatusEnum = describedEnum<CardStatus>(
  "CardStatus",
  "The state of a card as Prepaidify's API publishes it; other providers' states are mapped onto it. For a coarser view that is the same for every provider take `lifecycle`.",
  CARD_STATUSES,
  {
    INIT: "The card is being opened.",
    INIT_CREATE_CARD: "The provider is creating the card.",
    INIT_CREATE_CARD_HOLDER: "The provider is creating the cardholder.",
    INIT_ACTIVE_CARD: "The provider is activating the card.",
    CREATE_CARD_FAILED_REFUND: "The card could not be created; the deposit was refunded in full. Final.",
    ACTIVE: "The card can be used.",
    FREEZE: "The card is frozen and cannot be used for now.",
    CANCELLING: "The card is being deleted.",
    CANCELED: "The card is deleted. Final.",
    DELETED: "The card is deleted for good. Final.",
    EXPIRED: "The card has expired. Final.",
    UNRECOGNIZED:
      "The provider sent a state that its published list does not hold; `providerStatus` has its text. Neither a success nor a failure.",
  },
);

/** GraphQL enum `CardLifecycle`. */
export const CardLifecycleEnum = describedEnum<CardLifecycle>(
  "CardLifecycle",
  "Where a card stands in its life, the same words for every provider.",
  CARD_LIFECYCLES,
  {
    OPENING: "On its way to being usable.",
    ACTIVE: "Usable.",
    BLOCKED: "Open but frozen.",
    CLOSING: "Being closed.",
    CLOSED: "Closed. Final.",
    FAILED: "Never opened; the deposit was refunded. Final.",
    UNKNOWN: "The provider's state is not one we know.",
  },
);

/** GraphQL enum `CardOrderState`. */
export const CardOrderStateEnum = describedEnum<CardOrderState>(
  "CardOrderState",
  "Where an order stands.",
  CARD_ORDER_STATES,
  {
    PENDING: "Committed here; not sent yet or just being sent.",
    ACCEPTED: "The provider took the order and is opening the card.",
    COMPLETED: "The card was opened. Final.",
    FAILED: "The provider definitely refused the order, or undid it and refunded the deposit. Final.",
    UNCONFIRMED:
      "The order was sent but the provider's answer did not come or was unclear: a card may exist. It is settled by evidence. Do not order again under another orderNo; follow this one.",
    NEEDS_REVIEW: "What is known contradicts itself, or no evidence came in time: a person has to look.",
  },
);

/** GraphQL enum `ErrorCode`. */
export const ErrorCodeEnum = describedEnum<ErrorCode>(
  "ErrorCode",
  "Why a request was refused. Values may be added; treat an unknown one as `PROVIDER_REJECTED`.",
  ERROR_CODES,
  {
    INVALID_INPUT: "A value breaks the rule that the message names; `field` says which. Nothing was done.",
    IDEMPOTENCY_MISMATCH: "The orderNo or idempotencyKey was used before with another input. Nothing was done.",
    NOT_FOUND: "There is nothing with that id. Nothing was done.",
    CARD_NOT_OPEN: "The card is not open yet, or no longer; only an open card can be revealed.",
    RATE_LIMITED: "Too many requests of this kind in a short time. Nothing was done; ask again in a minute.",
    CAPABILITY_NOT_SUPPORTED: "No configured provider can do this, or more than one can and `provider` is missing.",
    PROVIDER_REJECTED: "The provider definitely refused. Nothing was spent.",
    PROVIDER_UNAVAILABLE:
      "The provider could not be reached, so nothing was sent. An order stands and is sent later; the same request, sent again, tries at once. As the failure of an order: it was never sent, and no longer will be.",
    PROVIDER_MISCONFIGURED: "The provider refused this server's own account. Not the caller's fault.",
    ISSUER_BALANCE_TOO_LOW: "The account that funds cards is too low for the deposit. Nothing was spent.",
    KYC_REQUIRED: "The end user must pass the provider's identity check first. Nothing was spent.",
    CARD_CREATION_FAILED: "The provider could not open the card and refunded the deposit in full.",
    SETTLED_BY_HAND: "The operator looked into an order that needed review and settled it as failed.",
    SPEND_LIMIT_REACHED:
      "The order would go beyond what the caller's tenant may order in a day (UTC). Nothing was placed or spent.",
    OUTCOME_UNKNOWN: "A contact was sent but the answer was unclear: it may exist. Nothing was spent.",
  },
);

/** What made an order move, in the words of the schema. */
export type CardOrderEvidence = Uppercase<OrderEvidence>;

/** GraphQL enum `CardOrderEvidence`. */
export const CardOrderEvidenceEnum = describedEnum<CardOrderEvidence>(
  "CardOrderEvidence",
  "What was learnt that made an event. Values may be added; treat an unknown one as news of no special kind.",
  ORDER_EVIDENCE.map((evidence) => evidence.toUpperCase() as CardOrderEvidence),
  {
    PLACED: "The order was committed.",
    SENDING: "It was about to be sent.",
    RESENDING: "It was about to be sent again, under the same number, because the provider refuses a number twice.",
    NOT_SENT: "The provider could not be reached: nothing was sent.",
    ANSWER: "The provider answered and described the card.",
    POLL: "The provider, asked by this server, described the card.",
    CALLBACK: "A callback named the card, and the provider, asked by this server, confirmed it.",
    REFUSED: "The provider definitely refused.",
    TAKEN: "The provider has the order from an earlier call: it refused the same number again for that.",
    UNCLEAR: "The provider's answer did not come or was unclear.",
    WAITED_TOO_LONG: "Nothing that settles the order was heard for too long.",
    NEVER_SENT: "The provider could not be reached for too long: the order will not be sent.",
    CONTESTED: "Another order has as good a claim to the card, which only a callback had named as this one's.",
    SETTLED_BY_HAND: "The operator looked into the order and settled it.",
  },
);

/** GraphQL enum `ReviewReason`. */
export const ReviewReasonEnum = describedEnum<ReviewReason>(
  "ReviewReason",
  "Why a person has to look at an order.",
  REVIEW_REASONS,
  {
    CONTRADICTION: "What the provider said at one time contradicts what it said at another.",
    CARD_MISMATCH: "The card that the provider named does not fit the order, or is a second one.",
    NO_EVIDENCE: "Nothing that settles the order came in time. It is still settled by what comes later.",
  },
);
