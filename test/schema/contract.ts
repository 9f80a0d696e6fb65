/**
 * What clients were promised from the start. Fields may be added beside these; none of these may change.
 */
export const CONTRACT = /* GraphQL */ `
  scalar DateTime
  scalar SafeInt

  type Mutation {
    createCardContact(input: CreateCardContactInput!): CreateCardContactPayload!
    createVirtualCard(input: CreateVirtualCardInput!): CreateVirtualCardPayload!
  }
  type Query {
    card(id: ID!): Card
    cards(first: Int = 20, after: String, filter: CardFilter): CardConnection!
    cardOrder(orderNo: String!): CardOrder
    cardContact(id: ID!): CardContact
    cardRanges(provider: ProviderCode): [CardRange!]!
    providers: [Provider!]!
  }
  type Subscription {
    cardOrderUpdated(orderNo: String!): CardOrder!
    cardUpdated(id: ID!): Card!
  }

  enum ProviderCode { PAGSMILE PREPAIDIFY }

  input CreateCardContactInput {
    firstName: String!
    lastName: String!
    mobile: String!
    email: String!
    language: String
    idempotencyKey: String
    provider: ProviderCode
  }
  type CreateCardContactPayload { contact: CardContact replayed: Boolean! userErrors: [UserError!]! }

  input CreateVirtualCardInput {
    orderNo: String!
    cardRangeId: String!
    deposit: MoneyInput!
    cardHolder: CardHolderInput
    email: String
    customerId: String
    callbackUrl: String
    provider: ProviderCode
  }
  input CardHolderInput { firstName: String! lastName: String! }
  input MoneyInput { amountMinor: SafeInt! currency: String! = "USD" }
  input CardFilter
  type Money { amountMinor: SafeInt! currency: String! formatted: String! }
  type CreateVirtualCardPayload { order: CardOrder card: Card replayed: Boolean! userErrors: [UserError!]! }

  type CardOrder {
    id: ID!
    orderNo: String!
    provider: ProviderCode!
    state: CardOrderState!
    card: Card
    failure: UserError
    createdAt: DateTime!
    updatedAt: DateTime!
  }
  enum CardOrderState { PENDING ACCEPTED COMPLETED FAILED UNCONFIRMED NEEDS_REVIEW }

  type Card {
    id: ID!
    provider: ProviderCode!
    status: CardStatus!
    lifecycle: CardLifecycle!
    statusText: String
    providerStatus: String
    cardHolder: CardHolder!
    customerId: String
    bin: String
    last4: String
    expMonth: Int
    expYear: Int
    deposit: Money!
    consume: Money!
    balance: Money!
    tags: [String!]!
    providerCardId: String!
    providerUserId: String
    cardSeqNo: String
    openedAt: DateTime
    order: CardOrder!
    createdAt: DateTime!
    updatedAt: DateTime!
  }
  enum CardStatus {
    INIT
    INIT_CREATE_CARD
    INIT_CREATE_CARD_HOLDER
    INIT_ACTIVE_CARD
    CREATE_CARD_FAILED_REFUND
    ACTIVE
    FREEZE
    CANCELLING
    CANCELED
    DELETED
    EXPIRED
    UNRECOGNIZED
  }
  enum CardLifecycle { OPENING ACTIVE BLOCKED CLOSING CLOSED FAILED UNKNOWN }
  type CardHolder {
    id: ID!
    firstName: String
    lastName: String
    holderName: String
    street: String
    city: String
    state: String
    country: String
    zipCode: String
    providerCardHolderId: String
  }
  type CardContact {
    id: ID!
    provider: ProviderCode!
    providerContactId: String!
    firstName: String!
    lastName: String!
    mobile: String!
    email: String!
    language: String
    createdAt: DateTime!
  }
  type UserError { code: ErrorCode! message: String! field: [String!] retryable: Boolean! providerCode: String }
  enum ErrorCode
  type CardConnection { edges: [CardEdge!]! pageInfo: PageInfo! }
  type CardEdge { cursor: String! node: Card! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type CardRange
  type Provider { code: ProviderCode! name: String! capabilities: [Capability!]! mode: ProviderMode! }
  enum Capability
  enum ProviderMode { LIVE SANDBOX }
`;
