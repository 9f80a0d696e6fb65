import type { Scenario } from "../../src/datasources/prepaidify/sandbox/scenario.js";
import {
  CardOrderDocument,
  type CardOrderQuery,
  CreateVirtualCardDocument,
  type CreateVirtualCardInput,
  type CreateVirtualCardMutation,
} from "../generated/graphql.js";
import { type Cardgraph, eventually } from "./cardgraph.js";

type Order = CardOrderQuery["cardOrder"];

/** Orders of one server as its clients and its provider see them. */
export interface CardOrders {
  /** Places an order under a number of its own; the scenarios are for this call and for those that repeat it. */
  place(
    changes?: Partial<CreateVirtualCardInput>,
    ...scenarios: readonly Scenario[]
  ): Promise<CreateVirtualCardMutation["createVirtualCard"] & { readonly orderNo: string }>;
  read(orderNo: string): Promise<Order>;
  /** Resolves with the order once it is in that state. */
  reaches(orderNo: string, state: string): Promise<NonNullable<Order>>;
  /** Bodies of the calls that ordered a card under that number, as the provider received them. */
  sends(orderNo: string): readonly string[];
  /** How often the provider was asked for a card. */
  readsOf(providerCardId: string): number;
  /** How many cards the provider opened for an order: the judge. */
  cardsOf(orderNo: string): number;
  /** The provider's id of the one card that it opened for an order. Throws when there is none, or another one. */
  cardIdOf(orderNo: string): string;
  /** Posts a callback to an order's own address. Resolves to the HTTP status. */
  callBack(orderNo: string, eventType: string, data: object): Promise<number>;
  /** What the server's journal says of an order, as `evidence to STATE`, oldest first. */
  moves(orderId: string | undefined): readonly string[];
}

/** Places and watches orders on a running server. */
export function cardOrdersOf(server: Cardgraph, prefix: string): CardOrders {
  let placed = 0;
  const { prepaidify } = server;
  const read = async (orderNo: string): Promise<Order> =>
    (await server.ask(CardOrderDocument, { orderNo })).cardOrder ?? null;
  const sends = (orderNo: string): readonly string[] =>
    prepaidify.requests
      .filter(({ path, body }) => path.endsWith("/card/create") && JSON.parse(body).orderNo === orderNo)
      .map(({ body }) => body);
  return {
    place: async (changes = {}, ...scenarios) => {
      prepaidify.script(...scenarios);
      const orderNo = `${prefix}-${++placed}`;
      const deposit = { amountMinor: 1000, currency: "USD" };
      const input = { orderNo, cardRangeId: "vab_069af8a792ad", deposit, customerId: "user_id_123", ...changes };
      const { createVirtualCard } = await server.ask(CreateVirtualCardDocument, { input });
      return { ...createVirtualCard, orderNo: input.orderNo };
    },
    read,
    reaches: async (orderNo, state) => {
      const order = await eventually(
        () => read(orderNo),
        (now) => now?.state === state,
      );
      if (!order) throw new Error("no such order");
      return order;
    },
    sends,
    readsOf: (providerCardId) =>
      prepaidify.requests.filter(
        ({ path, body }) => path.endsWith("/card/info") && JSON.parse(body).cardId === providerCardId,
      ).length,
    cardsOf: (orderNo) => prepaidify.cardsByOrderNo().get(orderNo) ?? 0,
    cardIdOf: (orderNo) => {
      const [card, ...others] = prepaidify.cards().filter((one) => one.orderNo === orderNo);
      if (!card || others.length > 0) throw new Error("not exactly one card");
      return card.cardId;
    },
    callBack: (orderNo, eventType, data) => {
      const { callbackUrl } = JSON.parse(sends(orderNo)[0] ?? "{}");
      return prepaidify.sendCallback(callbackUrl, JSON.stringify({ eventType, data: { orderNo, ...data } }));
    },
    moves: (orderId) =>
      server.log
        .filter((line) => line.includes('"order_moved"') && line.includes(`"${orderId}"`))
        .map((line) => JSON.parse(line))
        .map(({ evidence, to }) => `${evidence} to ${to}`),
  };
}
