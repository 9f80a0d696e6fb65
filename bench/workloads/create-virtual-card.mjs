const QUERY = `mutation ($input: CreateVirtualCardInput!) {
  createVirtualCard(input: $input) {
    order { orderNo state }
    card { id status deposit { amountMinor currency } cardHolder { holderName } }
    replayed
    userErrors { code message field }
  }
}`;

/** Distinguishes the order numbers of this process from those of another one. */
const RUN = `${process.pid.toString(36)}_${Date.now().toString(36)}`;

const inputOf = (sequence) => ({
  orderNo: `${RUN}_${sequence.toString(36)}`,
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 2500, currency: "USD" },
  cardHolder: { firstName: "Milton", lastName: "Schmitt" },
  customerId: "user_id_123",
  email: "milton@customer.example",
});

/** A new order: validation, two commits, one signed call that is validated in reverse, and the commit of its answer. */
export const createVirtualCard = {
  bodyOf: (_facts, sequence) => ({ query: QUERY, variables: { input: inputOf(sequence) } }),
  restOf: (_facts, sequence) => ({ method: "POST", path: "/virtual-cards", body: inputOf(sequence) }),
  check: ({ createVirtualCard: { order, card, replayed, userErrors } }) =>
    order?.state === "ACCEPTED" && card?.deposit.amountMinor === 2500 && !replayed && userErrors.length === 0,
};
