const CARDS = `query ($filter: CardFilter) {
  cards(first: 50, filter: $filter) { edges { node { id status customerId balance { amountMinor } } } }
}`;
const ORDERS = `query ($filter: CardOrderFilter) {
  cardOrders(first: 50, filter: $filter) { edges { node { id state } } }
}`;

/** Every row that is shown has to be one that was asked for. */
const everyOne = (connection, fits) => connection.edges.length > 0 && connection.edges.every(({ node }) => fits(node));

/** The newest cards of one customer; he has one of a hundred. */
export const cardsOfCustomer = {
  bodyOf: () => ({ query: CARDS, variables: { filter: { customerId: "customer-7" } } }),
  check: ({ cards }) => everyOne(cards, ({ customerId }) => customerId === "customer-7"),
};

/** The newest cards of a rare status. */
export const cardsByStatus = {
  bodyOf: () => ({ query: CARDS, variables: { filter: { status: "CANCELED" } } }),
  check: ({ cards }) => everyOne(cards, ({ status }) => status === "CANCELED"),
};

/** The newest orders of a rare state. */
export const ordersByState = {
  bodyOf: () => ({ query: ORDERS, variables: { filter: { state: "FAILED" } } }),
  check: ({ cardOrders }) => everyOne(cardOrders, ({ state }) => state === "FAILED"),
};
