import { requests } from "../workloads/index.mjs";
import { ask } from "./asking.mjs";

/** Orders of the proof, apart from those of the load. */
const FIRST_SEQUENCE = 1_000_000_000;

/**
 * Proves that a server does the work that is measured: an order that is sent twice opens one card, another input under
 * its number is refused, and so is bad input. Throws with what was answered instead.
 * @param {import("./asking.mjs").Address} address
 */
export async function proveWrites(address) {
  const { createVirtualCard, createCardContact } = requests;
  const order = (change, sequence) => ask(address, changed(createVirtualCard, change), {}, sequence);
  const first = await order({}, FIRST_SEQUENCE);
  insist(first.data && createVirtualCard.check(first.data), "an order was answered wrongly", first.text);
  const again = await order({}, FIRST_SEQUENCE);
  const { replayed, card } = again.data?.createVirtualCard ?? {};
  const isSame = replayed === true && card?.id === first.data.createVirtualCard.card.id;
  insist(isSame, "an order that is sent twice is not one order", again.text);
  const other = await order({ deposit: { amountMinor: 3000, currency: "USD" } }, FIRST_SEQUENCE);
  const [mismatch] = other.data?.createVirtualCard.userErrors ?? [];
  insist(mismatch?.code === "IDEMPOTENCY_MISMATCH", "another input under the same number is not refused", other.text);
  for (const bad of BAD_ORDERS) {
    const { data, text } = await order(bad, FIRST_SEQUENCE + 1);
    const isRefused = data === null || data.createVirtualCard.userErrors.length > 0;
    insist(isRefused, `bad input is not refused (${Object.keys(bad)})`, text);
  }
  const contact = await ask(address, createCardContact, {}, FIRST_SEQUENCE);
  insist(contact.data && createCardContact.check(contact.data), "a contact was answered wrongly", contact.text);
  const { data, text } = await ask(address, changed(createCardContact, { mobile: "0123" }), {}, FIRST_SEQUENCE);
  insist(data === null || data.createCardContact.userErrors.length > 0, "bad input is not refused (mobile)", text);
}

/**
 * Proves that every card that was prepared is read rightly, alone and in a list.
 * @param {import("./asking.mjs").Address} address
 * @param {{ cardIds: readonly string[] }} facts
 */
export async function proveReads(address, facts) {
  for (const index of facts.cardIds.keys()) {
    const { data, text } = await ask(address, requests.readCard, facts, index);
    insist(data?.card?.id === facts.cardIds[index] && requests.readCard.check(data), "a card was read wrongly", text);
  }
  const { data, text } = await ask(address, requests.listCards, facts, 0);
  insist(data && requests.listCards.check(data), "the list was read wrongly", text);
}

/** One for each kind of rule. The first is a card number, made up. */
const BAD_ORDERS = [
  { orderNo: "4111111111111111" },
  { customerId: "4111-1111-1111-1111" },
  { orderNo: "not an order number" },
  { deposit: { amountMinor: 499, currency: "USD" } },
  { cardHolder: { firstName: "M1", lastName: "Schmitt" } },
  { email: "nobody" },
];

/** The same request with other values in its input. */
function changed(kind, change) {
  return {
    bodyOf: (facts, sequence) => {
      const { query, variables } = kind.bodyOf(facts, sequence);
      return { query, variables: { input: { ...variables.input, ...change } } };
    },
    restOf: (facts, sequence) => {
      const message = kind.restOf(facts, sequence);
      return { ...message, body: { ...message.body, ...change } };
    },
  };
}

function insist(condition, fault, answer) {
  if (!condition)
    throw new Error(`${fault}: ${(typeof answer === "string" ? answer : JSON.stringify(answer)).slice(0, 300)}`);
}
