import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { buildSchema, graphql } from "graphql";
import { buildSubgraph } from "../../src/federation/subgraph.js";

const SCHEMA = buildSchema(/* GraphQL */ `
  type Query {
    customers: [Customer!]!
    customer(id: ID!): Customer
  }
  "A customer of the merchant."
  type Customer { id: ID! name: String! cards: [Card!]! orders: [CardOrder!]! }
  type Card { id: ID! owner: Customer }
  type CardHolder { id: ID! greeting: String! }
  type CardOrder { orderNo: String! }
`);

interface Customer {
  readonly id: string;
  readonly name: string;
  readonly cards: readonly { readonly id: string }[];
  readonly orders: readonly { readonly orderNo: string }[];
}

/** What a customer has: cards by our ids, orders by the numbers that they were placed under. */
export interface Possessions {
  readonly cards: readonly string[];
  readonly orders: readonly string[];
}

/** The merchant's own subgraph, which knows whose card is whose. */
export interface Customers {
  readonly url: string;
  readonly sdl: string;
  /** How many requests came so far. */
  requests(): number;
  close(): Promise<void>;
}

interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string | null;
}

/** What the subgraph of customers tells a composer. */
export const CUSTOMERS_SDL = subgraphOf(new Map()).sdl;

function subgraphOf(possessions: ReadonlyMap<string, Possessions>) {
  const customers = (): readonly Customer[] =>
    [...possessions].map(([id, { cards, orders }]) => ({
      id,
      name: `Customer ${id}`,
      cards: cards.map((card) => ({ id: card })),
      orders: orders.map((orderNo) => ({ orderNo })),
    }));
  const subgraph = buildSubgraph(SCHEMA, {
    version: "v2.9",
    entities: {
      Customer: [{ fields: "id", find: ({ id }) => customers().find((one) => one.id === id) ?? null }],
      Card: [
        {
          fields: "id",
          find: ({ id }) => ({ id, owner: customers().find(({ cards }) => cards.some((card) => card.id === id)) }),
        },
      ],
      CardOrder: [{ fields: "orderNo", find: ({ orderNo }) => ({ orderNo }) }],
      CardHolder: [{ fields: "id", find: ({ id }) => ({ id, greeting: `Hello, ${id}` }) }],
    },
  });
  const rootValue = {
    customers,
    customer: ({ id }: { readonly id: string }) => customers().find((one) => one.id === id),
  };
  return { ...subgraph, rootValue };
}

/** Serves customers, by their ids. */
export async function startCustomers(possessions: ReadonlyMap<string, Possessions>): Promise<Customers> {
  const { schema, sdl, rootValue } = subgraphOf(possessions);
  let requests = 0;
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    requests += 1;
    const { query, variables, operationName } = (await json(request)) as Asked;
    return graphql({ schema, rootValue, source: query, variableValues: variables, operationName, contextValue: {} });
  };
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(await answer(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    sdl,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
