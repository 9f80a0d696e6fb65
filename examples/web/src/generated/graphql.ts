/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The person the card is issued to. Left out: the provider chooses a name. */
export type CardHolderInput = {
  /** Given name: at least 3 letters, `a` to `z` and `A` to `Z` only. */
  firstName: string;
  /** Family name: at least 3 letters, `a` to `z` and `A` to `Z` only. */
  lastName: string;
};

/** Where a card stands in its life, the same words for every provider. */
export type CardLifecycle =
  /** Usable. */
  | 'ACTIVE'
  /** Open but frozen. */
  | 'BLOCKED'
  /** Closed. Final. */
  | 'CLOSED'
  /** Being closed. */
  | 'CLOSING'
  /** Never opened; the deposit was refunded. Final. */
  | 'FAILED'
  /** On its way to being usable. */
  | 'OPENING'
  /** The provider's state is not one we know. */
  | 'UNKNOWN';

/** Where an order stands. */
export type CardOrderState =
  /** The provider took the order and is opening the card. */
  | 'ACCEPTED'
  /** The card was opened. Final. */
  | 'COMPLETED'
  /** The provider definitely refused the order, or undid it and refunded the deposit. Final. */
  | 'FAILED'
  /** What is known contradicts itself, or no evidence came in time: a person has to look. */
  | 'NEEDS_REVIEW'
  /** Committed here; not sent yet or just being sent. */
  | 'PENDING'
  /** The order was sent but the provider's answer did not come or was unclear: a card may exist. It is settled by evidence. Do not order again under another orderNo; follow this one. */
  | 'UNCONFIRMED';

/** The state of a card as Prepaidify's API publishes it; other providers' states are mapped onto it. For a coarser view that is the same for every provider take `lifecycle`. */
export type CardStatus =
  /** The card can be used. */
  | 'ACTIVE'
  /** The card is deleted. Final. */
  | 'CANCELED'
  /** The card is being deleted. */
  | 'CANCELLING'
  /** The card could not be created; the deposit was refunded in full. Final. */
  | 'CREATE_CARD_FAILED_REFUND'
  /** The card is deleted for good. Final. */
  | 'DELETED'
  /** The card has expired. Final. */
  | 'EXPIRED'
  /** The card is frozen and cannot be used for now. */
  | 'FREEZE'
  /** The card is being opened. */
  | 'INIT'
  /** The provider is activating the card. */
  | 'INIT_ACTIVE_CARD'
  /** The provider is creating the card. */
  | 'INIT_CREATE_CARD'
  /** The provider is creating the cardholder. */
  | 'INIT_CREATE_CARD_HOLDER'
  /** The provider sent a state that its published list does not hold; `providerStatus` has its text. Neither a success nor a failure. */
  | 'UNRECOGNIZED';

/** An order for a virtual card and its first deposit. */
export type CreateVirtualCardInput = {
  /** Your own https address for signed events, at most 256 characters. It has to be public. Every change of the order is posted to it, signed as Standard Webhooks say, and tried again for about three days; the same message may come twice. */
  callbackUrl?: string | null | undefined;
  /** The person the card is issued to. Null: the provider chooses. */
  cardHolder?: CardHolderInput | null | undefined;
  /** The card range to open the card from: an id of `cardRanges`, 1 to 64 characters. */
  cardRangeId: string;
  /** Your id of the customer, 1 to 64 characters; comes back on the card. */
  customerId?: string | null | undefined;
  /** The first deposit: USD 5.00 to USD 5000.00. It is spent from the issuing account. */
  deposit: MoneyInput;
  /** The end user's e-mail address, by which the provider knows the card's owner. Null: the configured one. */
  email?: string | null | undefined;
  /** Your number for this order, 1 to 32 of `A-Z a-z 0-9 _ -`. It is the idempotency key: the same number with the same input is the same order, and no number is ever used for a second one. */
  orderNo: string;
  /** The provider to use. Null: the only one that can. */
  provider?: ProviderCode | null | undefined;
};

/** Why a request was refused. Values may be added; treat an unknown one as `PROVIDER_REJECTED`. */
export type ErrorCode =
  /** No configured provider can do this, or more than one can and `provider` is missing. */
  | 'CAPABILITY_NOT_SUPPORTED'
  /** The provider could not open the card and refunded the deposit in full. */
  | 'CARD_CREATION_FAILED'
  /** The card is not open yet, or no longer; only an open card can be revealed. */
  | 'CARD_NOT_OPEN'
  /** The orderNo or idempotencyKey was used before with another input. Nothing was done. */
  | 'IDEMPOTENCY_MISMATCH'
  /** A value breaks the rule that the message names; `field` says which. Nothing was done. */
  | 'INVALID_INPUT'
  /** The account that funds cards is too low for the deposit. Nothing was spent. */
  | 'ISSUER_BALANCE_TOO_LOW'
  /** The end user must pass the provider's identity check first. Nothing was spent. */
  | 'KYC_REQUIRED'
  /** There is nothing with that id. Nothing was done. */
  | 'NOT_FOUND'
  /** A contact was sent but the answer was unclear: it may exist. Nothing was spent. */
  | 'OUTCOME_UNKNOWN'
  /** The provider refused this server's own account. Not the caller's fault. */
  | 'PROVIDER_MISCONFIGURED'
  /** The provider definitely refused. Nothing was spent. */
  | 'PROVIDER_REJECTED'
  /** The provider could not be reached, so nothing was sent. An order stands and is sent later; the same request, sent again, tries at once. As the failure of an order: it was never sent, and no longer will be. */
  | 'PROVIDER_UNAVAILABLE'
  /** Too many requests of this kind in a short time. Nothing was done; ask again in a minute. */
  | 'RATE_LIMITED'
  /** The operator looked into an order that needed review and settled it as failed. */
  | 'SETTLED_BY_HAND'
  /** The order would go beyond what the caller's tenant may order in a day (UTC). Nothing was placed or spent. */
  | 'SPEND_LIMIT_REACHED';

/** An amount of money: integer minor units and a currency. */
export type MoneyInput = {
  /** The amount in minor units (cents for USD): 1000 is USD 10.00. */
  amountMinor: number;
  /** ISO 4217 currency code; only `USD`. */
  currency?: string;
};

/** A card provider that this server can speak to. */
export type ProviderCode =
  /** Pagsmile, Issuing Card API: makes card contacts. */
  | 'PAGSMILE'
  /** Prepaidify, virtual card API: opens virtual cards. */
  | 'PREPAIDIFY';

/** Whether a provider is the real one. */
export type ProviderMode =
  /** Reached with a configured account. Deposits are real. */
  | 'LIVE'
  /** This server's own sandbox, which speaks the provider's protocol. No money moves. */
  | 'SANDBOX';

export type ProviderModesQueryVariables = Exact<{ [key: string]: never; }>;


export type ProviderModesQuery = { providers: Array<{ name: string, mode: ProviderMode }> };

export type CardFaceFragment = { id: string, lifecycle: CardLifecycle, bin: string | null, last4: string | null, expMonth: number | null, expYear: number | null, balance: { amountMinor: number, currency: string }, cardHolder: { holderName: string | null } } & { ' $fragmentName'?: 'CardFaceFragment' };

export type NewestCardsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type NewestCardsQuery = { cards: { edges: Array<{ node: (
        { id: string }
        & { ' $fragmentRefs'?: { 'CardFaceFragment': CardFaceFragment } }
      ) }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RefusalNoteFragment = { code: ErrorCode, message: string, field: Array<string> | null, retryable: boolean } & { ' $fragmentName'?: 'RefusalNoteFragment' };

export type RangeChoiceFragment = { id: string, bin: string | null, description: string | null, minDeposit: { amountMinor: number, currency: string } | null } & { ' $fragmentName'?: 'RangeChoiceFragment' };

export type RangeChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type RangeChoicesQuery = { cardRanges: Array<{ ' $fragmentRefs'?: { 'RangeChoiceFragment': RangeChoiceFragment } }> };

export type FollowedOrderFragment = { orderNo: string, state: CardOrderState, failure: { ' $fragmentRefs'?: { 'RefusalNoteFragment': RefusalNoteFragment } } | null, card: (
    { id: string, status: CardStatus }
    & { ' $fragmentRefs'?: { 'CardFaceFragment': CardFaceFragment } }
  ) | null } & { ' $fragmentName'?: 'FollowedOrderFragment' };

export type ReadOrderQueryVariables = Exact<{
  orderNo: string;
}>;


export type ReadOrderQuery = { cardOrder: { ' $fragmentRefs'?: { 'FollowedOrderFragment': FollowedOrderFragment } } | null };

export type FollowOrderSubscriptionVariables = Exact<{
  orderNo: string;
}>;


export type FollowOrderSubscription = { cardOrderUpdated: { ' $fragmentRefs'?: { 'FollowedOrderFragment': FollowedOrderFragment } } };

export type IssueCardMutationVariables = Exact<{
  input: CreateVirtualCardInput;
}>;


export type IssueCardMutation = { createVirtualCard: { order: { ' $fragmentRefs'?: { 'FollowedOrderFragment': FollowedOrderFragment } } | null, userErrors: Array<{ ' $fragmentRefs'?: { 'RefusalNoteFragment': RefusalNoteFragment } }> } };

export const RangeChoiceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RangeChoice"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CardRange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"minDeposit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}}]}}]} as unknown as DocumentNode<RangeChoiceFragment, unknown>;
export const RefusalNoteFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalNote"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<RefusalNoteFragment, unknown>;
export const CardFaceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CardFace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Card"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expYear"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cardHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holderName"}}]}}]}}]} as unknown as DocumentNode<CardFaceFragment, unknown>;
export const FollowedOrderFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FollowedOrder"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CardOrder"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orderNo"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalNote"}}]}},{"kind":"Field","name":{"kind":"Name","value":"card"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CardFace"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalNote"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CardFace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Card"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expYear"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cardHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holderName"}}]}}]}}]} as unknown as DocumentNode<FollowedOrderFragment, unknown>;
export const ProviderModesDocument = {"__meta__":{"hash":"sha256:9ee4ae8aaec835982a4fcc047e0e22da104a2e0821fa6e7b37ab8aeefaea98f8"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ProviderModes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}}]}}]}}]} as unknown as DocumentNode<ProviderModesQuery, ProviderModesQueryVariables>;
export const NewestCardsDocument = {"__meta__":{"hash":"sha256:37d2240e1467978cf8209e0dba3acc849073d8769110905ea2148553e001a7d0"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NewestCards"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cards"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CardFace"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CardFace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Card"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expYear"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cardHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holderName"}}]}}]}}]} as unknown as DocumentNode<NewestCardsQuery, NewestCardsQueryVariables>;
export const RangeChoicesDocument = {"__meta__":{"hash":"sha256:f9165d212ca2557de144d75cb08dc675c7b3947a9edbf3ac16738604786bb818"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RangeChoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cardRanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RangeChoice"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RangeChoice"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CardRange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"minDeposit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}}]}}]} as unknown as DocumentNode<RangeChoicesQuery, RangeChoicesQueryVariables>;
export const ReadOrderDocument = {"__meta__":{"hash":"sha256:2d2b7324ff0c81e3e2586c9e12a5449112b66e7d95d3e8f34dace4821754edbd"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderNo"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cardOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"orderNo"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderNo"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FollowedOrder"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalNote"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CardFace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Card"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expYear"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cardHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holderName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FollowedOrder"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CardOrder"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orderNo"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalNote"}}]}},{"kind":"Field","name":{"kind":"Name","value":"card"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CardFace"}}]}}]}}]} as unknown as DocumentNode<ReadOrderQuery, ReadOrderQueryVariables>;
export const FollowOrderDocument = {"__meta__":{"hash":"sha256:8068a2c5a97d3300ccbdccc33b92d579aa69d4c83ca6a772265d1307a490d610"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FollowOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderNo"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cardOrderUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"orderNo"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderNo"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FollowedOrder"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalNote"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CardFace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Card"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expYear"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cardHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holderName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FollowedOrder"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CardOrder"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orderNo"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalNote"}}]}},{"kind":"Field","name":{"kind":"Name","value":"card"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CardFace"}}]}}]}}]} as unknown as DocumentNode<FollowOrderSubscription, FollowOrderSubscriptionVariables>;
export const IssueCardDocument = {"__meta__":{"hash":"sha256:1cd7c13348520bb5ca97fa5e15ece7f31ec86da3f2e60376177b231152b42545"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"IssueCard"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateVirtualCardInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createVirtualCard"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"order"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FollowedOrder"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalNote"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalNote"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CardFace"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Card"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"bin"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"expMonth"}},{"kind":"Field","name":{"kind":"Name","value":"expYear"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amountMinor"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cardHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holderName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FollowedOrder"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CardOrder"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orderNo"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalNote"}}]}},{"kind":"Field","name":{"kind":"Name","value":"card"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CardFace"}}]}}]}}]} as unknown as DocumentNode<IssueCardMutation, IssueCardMutationVariables>;