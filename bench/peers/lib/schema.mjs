/** The part of Cardgraph's schema that the workloads use. `SafeInt` and `DateTime` are those of graphql-scalars. */
export const typeDefs = `
  scalar SafeInt
  scalar DateTime

  type Query {
    card(id: ID!): Card
    cards(first: Int = 20): CardConnection!
  }
  type Mutation {
    createVirtualCard(input: CreateVirtualCardInput!): CreateVirtualCardPayload!
    createCardContact(input: CreateCardContactInput!): CreateCardContactPayload!
  }

  enum ProviderCode { PAGSMILE PREPAIDIFY }
  enum CardLifecycle { OPENING ACTIVE BLOCKED CLOSING CLOSED FAILED UNKNOWN }
  enum CardOrderState { PENDING ACCEPTED COMPLETED FAILED UNCONFIRMED NEEDS_REVIEW }
  enum CardStatus {
    INIT INIT_CREATE_CARD INIT_CREATE_CARD_HOLDER INIT_ACTIVE_CARD CREATE_CARD_FAILED_REFUND ACTIVE FREEZE CANCELLING
    CANCELED DELETED EXPIRED UNRECOGNIZED
  }
  enum ErrorCode { INVALID_INPUT IDEMPOTENCY_MISMATCH PROVIDER_REJECTED }

  type Money { amountMinor: SafeInt! currency: String! formatted: String! }
  type CardHolder { firstName: String lastName: String holderName: String }
  type Card {
    id: ID!
    provider: ProviderCode!
    status: CardStatus!
    lifecycle: CardLifecycle!
    customerId: String
    bin: String
    last4: String
    expMonth: Int
    expYear: Int
    providerCardId: String!
    deposit: Money!
    balance: Money!
    cardHolder: CardHolder!
    createdAt: DateTime!
  }
  type CardEdge { node: Card! }
  type CardConnection { edges: [CardEdge!]! }
  type CardOrder { id: ID! orderNo: String! state: CardOrderState! }
  type CardContact {
    id: ID!
    providerContactId: String!
    firstName: String!
    lastName: String!
    mobile: String!
    email: String!
    language: String
    createdAt: DateTime!
  }
  type UserError { code: ErrorCode! message: String! field: [String!] }
  type CreateVirtualCardPayload { order: CardOrder card: Card replayed: Boolean! userErrors: [UserError!]! }
  type CreateCardContactPayload { contact: CardContact userErrors: [UserError!]! }

  input MoneyInput { amountMinor: SafeInt! currency: String! = "USD" }
  input CardHolderInput { firstName: String! lastName: String! }
  input CreateVirtualCardInput {
    orderNo: String!
    cardRangeId: String!
    deposit: MoneyInput!
    cardHolder: CardHolderInput
    email: String
    customerId: String
  }
  input CreateCardContactInput {
    firstName: String!
    lastName: String!
    mobile: String!
    email: String!
    language: String
  }
`;
