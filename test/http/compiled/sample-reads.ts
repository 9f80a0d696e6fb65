import type { GraphQLSchema } from "graphql";
import { CARD_FIELDS, type Card, type CardFields, type ShownCard } from "../../../src/domain/card-record.js";
import type { CardContact } from "../../../src/domain/contact.js";
import { ProviderDirectory } from "../../../src/domain/directory.js";
import { ANYBODY } from "../../../src/domain/identity.js";
import type { CardContactId, CardHolderId, CardId, OrderId } from "../../../src/domain/ids.js";
import type { OrderEvent } from "../../../src/domain/order-event.js";
import type { OrderView } from "../../../src/domain/order-store.js";
import type { CardProvider } from "../../../src/domain/provider.js";
import { StoreUnavailable } from "../../../src/domain/store-unavailable.js";
import type { RequestContext } from "../../../src/resolvers/context.js";
import { createRequestContext } from "../../../src/resolvers/request-context.js";
import { buildCardgraphSchema, type ResolverParts } from "../../../src/resolvers/schema.js";
import { buildCardgraphSubgraph } from "../../../src/resolvers/subgraph.js";

/** How many cards, orders and contacts there are. */
const COUNT = 8;
const NOW = new Date("2026-01-02T03:04:05.678Z");
const NUMBERS = Array.from({ length: COUNT }, (_, index) => index);

const idOf = <Id extends string>(prefix: string, index: number): Id =>
  `${prefix}_${String(index).padStart(32, "0")}` as Id;

/** Ids that are there, ids that are not, and texts that are none. */
export const IDS: readonly string[] = [
  ...NUMBERS.flatMap((index) => ["card", "chd", "ord", "cct"].map((prefix) => idOf<string>(prefix, index))),
  idOf("card", 99),
  idOf("ord", 99),
  "card_1",
  "",
  "__proto__",
];
/** Order numbers that are there, and some that are not. */
export const ORDER_NOS: readonly string[] = [...NUMBERS.map((index) => `no-${index}`), "no-99", "not a number", ""];

const card = (index: number): Card => ({
  ...{ id: idOf<CardId>("card", index), tenant: ANYBODY.tenant, provider: "PREPAIDIFY" },
  ...{ orderId: idOf<OrderId>("ord", index === 5 ? 98 : index), providerCardId: `p-${index}`, providerUserId: null },
  ...{ cardSeqNo: index % 2 ? `s-${index}` : null, customerId: "c\u2028\"'`</script>" },
  // One has a state that the schema does not know: GraphQL says so with the place in the document and in the answer.
  status: index === 3 ? ("NO_SUCH_STATUS" as "ACTIVE") : index % 2 ? "ACTIVE" : "INIT",
  ...{ providerStatus: "ACTIVE", statusText: index % 2 ? "Ä \u0000 \ud83d\ude00" : null },
  cardHolder: {
    ...{ id: idOf<CardHolderId>("chd", index), providerCardHolderId: null, firstName: "Milton", lastName: null },
    ...{ holderName: "Milton S", street: null, city: null, state: null, country: "US", zipCode: null },
  },
  ...{ bin: "411111", last4: "1111", expMonth: index === 6 ? 1.5 : 12, expYear: 2030 },
  // Two have amounts that no answer can hold.
  depositMinor: index === 2 ? Number.NaN : index === 4 ? 2 ** 60 : 2500 + index,
  ...{ consumeMinor: 0, balanceMinor: -1, currency: "USD", tags: ["a", "b"].slice(index % 3) },
  ...{ openedAt: index % 2 ? NOW : null, createdAt: NOW, updatedAt: new Date(NOW.getTime() + index) },
});

const view = (index: number): OrderView => ({
  order: {
    ...{ id: idOf<OrderId>("ord", index), tenant: ANYBODY.tenant, provider: "PREPAIDIFY", mode: "SANDBOX" },
    ...{ orderNo: `no-${index}`, fingerprint: "f", state: index === 1 ? "FAILED" : "COMPLETED", reviewReason: null },
    failure: index === 1 ? { code: "PROVIDER_REJECTED", providerCode: "300002", field: ["deposit"] } : null,
    request: {
      ...{ cardRangeId: "vid", deposit: { amountMinor: 2500, currency: "USD" }, cardHolder: null },
      ...{ email: "a@b.example", customerId: null, callbackUrl: null },
    },
    ...{ callbackToken: "t", sends: 1, lastCall: 1, mayResend: false, cardId: idOf<CardId>("card", index) },
    isErased: false,
    ...{ createdAt: NOW, updatedAt: NOW },
  },
  card: index === 1 ? null : card(index),
});

const contact = (index: number): CardContact => ({
  ...{ id: idOf<CardContactId>("cct", index), tenant: ANYBODY.tenant, provider: "PAGSMILE", state: "COMPLETED" },
  ...{ idempotencyKey: null, fingerprint: "f", failure: null },
  request: { firstName: "A", lastName: "B", mobile: "+8613800138000", email: "a@b.example", language: null },
  ...{ providerContactId: index === 2 ? null : `pc-${index}`, createdAt: NOW },
});

const event = (orderId: OrderId, sequence: number): OrderEvent => ({
  ...{ sequence, orderId, evidence: "poll", fromState: null, state: "COMPLETED", sends: 1 },
  ...{ reviewReason: null, failure: null, note: null, at: NOW },
  card: { ...card(0), providerStatus: "ACTIVE", changed: true },
});

/** What every look-up of this key fails with, or null. */
function faultOf(key: string): Error | null {
  if (key.endsWith("7")) return new StoreUnavailable("connection_lost");
  return null;
}

function found<Value>(keys: readonly string[], read: (index: number) => Value): readonly Value[] {
  return keys.flatMap((key) => {
    const fault = faultOf(key);
    if (fault) throw fault;
    const index = Number(/\d+$/.exec(key)?.[0]);
    return index < COUNT ? [read(index)] : [];
  });
}

/**
 * Lists hold only what can be told: where one item fails at once, GraphQL leaves what other items are waiting for to
 * fail unheard, which ends a process.
 */
const LISTED = [0, 5, 7];
const page = <Value>(first: number, read: (index: number) => Value): readonly Value[] =>
  LISTED.slice(0, first + 1).map(read);

/** A card as a store gives it: nothing that was not asked for. */
function cardWith(fields: CardFields): (index: number) => ShownCard {
  return (index) => {
    const whole = card(index);
    const unread = CARD_FIELDS.filter((field) => !fields.has(field)).map((field) => [field, undefined]);
    return { ...whole, ...Object.fromEntries(unread) };
  };
}

const readCards = {
  shownCard: async (_: string, id: string, fields: CardFields) => found([id], cardWith(fields))[0] ?? null,
  cardsByIds: async (_: string, ids: readonly string[]) => found(ids, card),
  cardHoldersByIds: async (_: string, ids: readonly string[]) => found(ids, (index) => card(index).cardHolder),
  orderByNo: async (_: string, orderNo: string) => found([orderNo], view)[0] ?? null,
  ordersByIds: async (_: string, ids: readonly string[]) => found(ids, view),
  ordersByNos: async (_: string, orderNos: readonly string[]) => found(orderNos, view),
  list: async (_: string, { first }: { first: number }, __: unknown, fields: CardFields) =>
    page(first, cardWith(fields)),
  listOrders: async (_: string, { first }: { first: number }) => page(first, view),
  eventsOf: async (ids: readonly OrderId[], { first }: { first: number }) =>
    new Map(ids.map((id) => [id, page(Math.min(first, 1), (index) => event(id, index + 1))])),
};

const createCardContact = {
  byId: async (_: string, id: string) => found([id], contact)[0] ?? null,
  byIds: async (_: string, ids: readonly string[]) => found(ids, contact),
  list: async (_: string, { first }: { first: number }) => page(Math.min(first, 1), contact),
};

const directory = new ProviderDirectory([
  {
    ...{ code: "PREPAIDIFY", name: "Prepaidify", mode: "SANDBOX", capabilities: ["createVirtualCard", "readCard"] },
    adapter: {} as CardProvider,
  },
]);

/** How often a provider was asked. */
export const asked = { provider: 0 };

const listCardRanges = {
  execute: async () => {
    asked.provider += 1;
    throw new Error("the provider does not answer");
  },
};

const services = { readCards, createCardContact, listCardRanges, directory } as unknown as ResolverParts;

/** The same cards, always whole, whatever is asked for. */
const wholeCards = {
  ...readCards,
  shownCard: async (_: string, id: string) => found([id], card)[0] ?? null,
  list: async (_: string, { first }: { first: number }) => page(first, card),
};

function schemaOver(parts: ResolverParts): GraphQLSchema {
  return buildCardgraphSubgraph(buildCardgraphSchema(parts), { authDirectives: false }).schema;
}

/** The product's own schema over some records in memory, a few of which cannot be told. */
export const schema = schemaOver(services);
/** The same where every card is read whole. */
export const wholeSchema = schemaOver({ ...services, readCards: wholeCards } as unknown as ResolverParts);

/** A request's context with nothing read yet; by who may read contacts, or may not. */
export function contextOf(mayReadContacts = true): RequestContext {
  const scopes = new Set(ANYBODY.scopes);
  if (!mayReadContacts) scopes.delete("contacts:read");
  return createRequestContext({ ...ANYBODY, scopes }, "req-1", { ...services, watchOrders: {} as never });
}
