/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query ProviderModes {\n    providers {\n      name\n      mode\n    }\n  }\n": typeof types.ProviderModesDocument,
    "\n  fragment CardFace on Card {\n    id\n    lifecycle\n    bin\n    last4\n    expMonth\n    expYear\n    balance {\n      amountMinor\n      currency\n    }\n    cardHolder {\n      holderName\n    }\n  }\n": typeof types.CardFaceFragmentDoc,
    "\n  query NewestCards($first: Int!, $after: String) {\n    cards(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...CardFace\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.NewestCardsDocument,
    "\n  fragment RefusalNote on UserError {\n    code\n    message\n    field\n    retryable\n  }\n": typeof types.RefusalNoteFragmentDoc,
    "\n  fragment RangeChoice on CardRange {\n    id\n    bin\n    description\n    minDeposit {\n      amountMinor\n      currency\n    }\n  }\n": typeof types.RangeChoiceFragmentDoc,
    "\n  query RangeChoices {\n    cardRanges {\n      ...RangeChoice\n    }\n  }\n": typeof types.RangeChoicesDocument,
    "\n  fragment FollowedOrder on CardOrder {\n    orderNo\n    state\n    failure {\n      ...RefusalNote\n    }\n    card {\n      id\n      status\n      ...CardFace\n    }\n  }\n": typeof types.FollowedOrderFragmentDoc,
    "\n  query ReadOrder($orderNo: String!) {\n    cardOrder(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n": typeof types.ReadOrderDocument,
    "\n  subscription FollowOrder($orderNo: String!) {\n    cardOrderUpdated(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n": typeof types.FollowOrderDocument,
    "\n  mutation IssueCard($input: CreateVirtualCardInput!) {\n    createVirtualCard(input: $input) {\n      order {\n        ...FollowedOrder\n      }\n      userErrors {\n        ...RefusalNote\n      }\n    }\n  }\n": typeof types.IssueCardDocument,
};
const documents: Documents = {
    "\n  query ProviderModes {\n    providers {\n      name\n      mode\n    }\n  }\n": types.ProviderModesDocument,
    "\n  fragment CardFace on Card {\n    id\n    lifecycle\n    bin\n    last4\n    expMonth\n    expYear\n    balance {\n      amountMinor\n      currency\n    }\n    cardHolder {\n      holderName\n    }\n  }\n": types.CardFaceFragmentDoc,
    "\n  query NewestCards($first: Int!, $after: String) {\n    cards(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...CardFace\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.NewestCardsDocument,
    "\n  fragment RefusalNote on UserError {\n    code\n    message\n    field\n    retryable\n  }\n": types.RefusalNoteFragmentDoc,
    "\n  fragment RangeChoice on CardRange {\n    id\n    bin\n    description\n    minDeposit {\n      amountMinor\n      currency\n    }\n  }\n": types.RangeChoiceFragmentDoc,
    "\n  query RangeChoices {\n    cardRanges {\n      ...RangeChoice\n    }\n  }\n": types.RangeChoicesDocument,
    "\n  fragment FollowedOrder on CardOrder {\n    orderNo\n    state\n    failure {\n      ...RefusalNote\n    }\n    card {\n      id\n      status\n      ...CardFace\n    }\n  }\n": types.FollowedOrderFragmentDoc,
    "\n  query ReadOrder($orderNo: String!) {\n    cardOrder(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n": types.ReadOrderDocument,
    "\n  subscription FollowOrder($orderNo: String!) {\n    cardOrderUpdated(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n": types.FollowOrderDocument,
    "\n  mutation IssueCard($input: CreateVirtualCardInput!) {\n    createVirtualCard(input: $input) {\n      order {\n        ...FollowedOrder\n      }\n      userErrors {\n        ...RefusalNote\n      }\n    }\n  }\n": types.IssueCardDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProviderModes {\n    providers {\n      name\n      mode\n    }\n  }\n"): (typeof documents)["\n  query ProviderModes {\n    providers {\n      name\n      mode\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CardFace on Card {\n    id\n    lifecycle\n    bin\n    last4\n    expMonth\n    expYear\n    balance {\n      amountMinor\n      currency\n    }\n    cardHolder {\n      holderName\n    }\n  }\n"): (typeof documents)["\n  fragment CardFace on Card {\n    id\n    lifecycle\n    bin\n    last4\n    expMonth\n    expYear\n    balance {\n      amountMinor\n      currency\n    }\n    cardHolder {\n      holderName\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NewestCards($first: Int!, $after: String) {\n    cards(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...CardFace\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query NewestCards($first: Int!, $after: String) {\n    cards(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...CardFace\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RefusalNote on UserError {\n    code\n    message\n    field\n    retryable\n  }\n"): (typeof documents)["\n  fragment RefusalNote on UserError {\n    code\n    message\n    field\n    retryable\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RangeChoice on CardRange {\n    id\n    bin\n    description\n    minDeposit {\n      amountMinor\n      currency\n    }\n  }\n"): (typeof documents)["\n  fragment RangeChoice on CardRange {\n    id\n    bin\n    description\n    minDeposit {\n      amountMinor\n      currency\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RangeChoices {\n    cardRanges {\n      ...RangeChoice\n    }\n  }\n"): (typeof documents)["\n  query RangeChoices {\n    cardRanges {\n      ...RangeChoice\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FollowedOrder on CardOrder {\n    orderNo\n    state\n    failure {\n      ...RefusalNote\n    }\n    card {\n      id\n      status\n      ...CardFace\n    }\n  }\n"): (typeof documents)["\n  fragment FollowedOrder on CardOrder {\n    orderNo\n    state\n    failure {\n      ...RefusalNote\n    }\n    card {\n      id\n      status\n      ...CardFace\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadOrder($orderNo: String!) {\n    cardOrder(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n"): (typeof documents)["\n  query ReadOrder($orderNo: String!) {\n    cardOrder(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowOrder($orderNo: String!) {\n    cardOrderUpdated(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n"): (typeof documents)["\n  subscription FollowOrder($orderNo: String!) {\n    cardOrderUpdated(orderNo: $orderNo) {\n      ...FollowedOrder\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation IssueCard($input: CreateVirtualCardInput!) {\n    createVirtualCard(input: $input) {\n      order {\n        ...FollowedOrder\n      }\n      userErrors {\n        ...RefusalNote\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation IssueCard($input: CreateVirtualCardInput!) {\n    createVirtualCard(input: $input) {\n      order {\n        ...FollowedOrder\n      }\n      userErrors {\n        ...RefusalNote\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;