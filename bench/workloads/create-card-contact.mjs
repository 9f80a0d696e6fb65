const QUERY = `mutation ($input: CreateCardContactInput!) {
  createCardContact(input: $input) {
    contact { id providerContactId }
    userErrors { code message field }
  }
}`;

const inputOf = (sequence) => ({
  firstName: "Milton",
  lastName: "Schmitt",
  mobile: `+86123${String(sequence % 10_000_000).padStart(7, "0")}`,
  email: "milton@customer.example",
});

/** A contact: an envelope of RSA and AES both ways, and one commit. The heaviest CPU work of the server. */
export const createCardContact = {
  bodyOf: (_facts, sequence) => ({ query: QUERY, variables: { input: inputOf(sequence) } }),
  restOf: (_facts, sequence) => ({ method: "POST", path: "/card-contacts", body: inputOf(sequence) }),
  check: ({ createCardContact: { contact, userErrors } }) =>
    /^\d+$/.test(contact?.providerContactId) && userErrors.length === 0,
};
