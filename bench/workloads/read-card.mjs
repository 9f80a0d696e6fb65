const QUERY = `query ($id: ID!) {
  card(id: $id) {
    id provider status lifecycle bin last4 expMonth expYear
    deposit { amountMinor currency formatted }
    balance { amountMinor currency formatted }
    cardHolder { firstName lastName holderName }
  }
}`;

/** One card by its id, a different one each time. */
export const readCard = {
  bodyOf: ({ cardIds }, sequence) => ({ query: QUERY, variables: { id: cardIds[sequence % cardIds.length] } }),
  restOf: ({ cardIds }, sequence) => ({ method: "GET", path: `/cards/${cardIds[sequence % cardIds.length]}` }),
  check: ({ card }) => card?.status === "ACTIVE" && /^\d{4}$/.test(card.last4) && card.deposit.amountMinor === 2500,
};
