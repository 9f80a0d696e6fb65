import { buildSchema, type ExecutionResult, graphql } from "graphql";

/** As much of the product's schema as the playground's tabs ask for. */
export const PLAYGROUND_SCHEMA = buildSchema(`
  scalar DateTime
  enum ProviderCode { PAGSMILE PREPAIDIFY }
  type Query {
    cardOrder(orderNo: String!): CardOrder
    cards(first: Int = 20, after: String): CardConnection!
    cardRanges(provider: ProviderCode): [CardRange!]!
    providers: [Provider!]!
  }
  type Mutation {
    createCardContact(input: CreateCardContactInput!): CreateCardContactPayload!
    createVirtualCard(input: CreateVirtualCardInput!): CreateVirtualCardPayload!
  }
  type Subscription { cardOrderUpdated(orderNo: String!): CardOrder! }
  input CreateCardContactInput { firstName: String! lastName: String! mobile: String! email: String! }
  type CreateCardContactPayload { contact: CardContact replayed: Boolean! userErrors: [UserError!]! }
  type CardContact {
    id: ID! provider: ProviderCode! providerContactId: String! firstName: String! lastName: String! mobile: String!
    email: String! createdAt: DateTime!
  }
  input MoneyInput { amountMinor: Int! currency: String! = "USD" }
  input CardHolderInput { firstName: String! lastName: String! }
  input CreateVirtualCardInput {
    orderNo: String! cardRangeId: String! deposit: MoneyInput! cardHolder: CardHolderInput customerId: String
  }
  type CreateVirtualCardPayload { order: CardOrder card: Card replayed: Boolean! userErrors: [UserError!]! }
  type UserError { code: String! message: String! field: [String!] retryable: Boolean! }
  type Money { amountMinor: Int! currency: String! formatted: String! }
  type CardHolder { firstName: String lastName: String }
  type CardOrder {
    orderNo: String! provider: ProviderCode! state: String! card: Card failure: UserError
    createdAt: DateTime! updatedAt: DateTime!
  }
  type Card {
    id: ID! provider: ProviderCode! status: String! lifecycle: String! statusText: String bin: String last4: String
    expMonth: Int expYear: Int cardHolder: CardHolder! deposit: Money! balance: Money! order: CardOrder!
    createdAt: DateTime!
  }
  type CardConnection { edges: [CardEdge!]! pageInfo: PageInfo! }
  type CardEdge { cursor: String! node: Card! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type CardRange { id: ID! bin: String description: String minDeposit: Money }
  type Provider { code: ProviderCode! name: String! capabilities: [String!]! mode: String! }
`);

const NOW = "2026-01-01T00:00:00.000Z";
const DEPOSIT = { amountMinor: 1000, currency: "USD", formatted: "10.00" };

const ORDER = { orderNo: "v_5bc814", provider: "PREPAIDIFY", state: "ACCEPTED", createdAt: NOW, updatedAt: NOW };

const CARD = {
  id: "card_1",
  provider: "PREPAIDIFY",
  status: "INIT",
  lifecycle: "OPENING",
  cardHolder: { firstName: "Milton", lastName: "Schmitt" },
  deposit: DEPOSIT,
  balance: DEPOSIT,
  order: ORDER,
  createdAt: NOW,
};

const ROOT = {
  providers: [
    { code: "PAGSMILE", name: "Pagsmile", capabilities: ["CREATE_CARD_CONTACT"], mode: "SANDBOX" },
    { code: "PREPAIDIFY", name: "Prepaidify", capabilities: ["CREATE_VIRTUAL_CARD"], mode: "SANDBOX" },
  ],
  cardRanges: [{ id: "vab_069af8a792ad", bin: "489607", description: "Visa", minDeposit: DEPOSIT }],
  cards: { edges: [{ cursor: "1", node: CARD }], pageInfo: { hasNextPage: false, endCursor: "1" } },
  cardOrder: { ...ORDER, card: CARD },
  createCardContact: ({ input }: { input: object }) => ({
    contact: { id: "contact_1", provider: "PAGSMILE", providerContactId: "1", createdAt: NOW, ...input },
    replayed: false,
    userErrors: [],
  }),
  createVirtualCard: () => ({ order: ORDER, card: CARD, replayed: false, userErrors: [] }),
};

/** A GraphQL request's body. */
export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** Answers a request from fixed values. */
export function answerFromFixture(request: GraphQLRequest): Promise<ExecutionResult> {
  return graphql({
    schema: PLAYGROUND_SCHEMA,
    rootValue: ROOT,
    source: request.query,
    variableValues: request.variables,
    operationName: request.operationName,
  });
}
