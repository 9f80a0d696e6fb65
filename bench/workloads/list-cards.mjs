/** Twelve values of each card. */
const QUERY = `query ($first: Int!) {
  cards(first: $first) {
    edges {
      node {
        id provider status lifecycle customerId last4 expMonth expYear providerCardId createdAt
        deposit { amountMinor }
        balance { amountMinor }
      }
    }
  }
}`;

/** How many cards are read at once. */
export const LIST_SIZE = 50;

/** The newest cards. */
export const listCards = {
  bodyOf: () => ({ query: QUERY, variables: { first: LIST_SIZE } }),
  restOf: () => ({ method: "GET", path: `/cards?first=${LIST_SIZE}` }),
  check: ({ cards }) => cards.edges.length === LIST_SIZE && cards.edges.every(({ node }) => node.status === "ACTIVE"),
};
