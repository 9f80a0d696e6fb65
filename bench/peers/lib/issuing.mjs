import { createHash } from "node:crypto";
import { pagsmileClient } from "./pagsmile.mjs";
import { prepaidifyClient, Refused } from "./prepaidify.mjs";
import { presentCard, presentContact, presentOrder } from "./present.mjs";
import { settings } from "./settings.mjs";
import { openStore } from "./store.mjs";

/**
 * What every peer does behind its framework: durable orders, both providers, reads. Input has been checked.
 * @param {(url: string, request: { headers: object, body: string }) => Promise<{ status: number, text: string }>} post
 *   The HTTP client that the peer is measured with.
 */
export async function openIssuing(post) {
  const store = await openStore(settings.databaseUrl);
  const prepaidify = prepaidifyClient(settings.prepaidify, post);
  const pagsmile = pagsmileClient(settings.pagsmile, post);
  let publicUrl = "";

  /** An order that was placed before: the same one again, or a refusal when the input is another. */
  async function standing(orderNo, fingerprint) {
    const order = await store.orderByNo(orderNo);
    if (order.fingerprint !== fingerprint) {
      return refused("IDEMPOTENCY_MISMATCH", "This orderNo was used before with another input.", ["orderNo"]);
    }
    const card = await store.cardByOrder(order.id);
    return { order: presentOrder(order), card: card && presentCard(card), replayed: true, userErrors: [] };
  }

  async function send(order, input) {
    await store.markOrder(order.id, "SENDING");
    let card;
    try {
      card = await prepaidify.createCard(input, order.email, `${publicUrl}/callbacks/events/${order.callback_token}`);
    } catch (error) {
      const isRefused = error instanceof Refused;
      const marked = await store.markOrder(order.id, isRefused ? "FAILED" : "UNCONFIRMED");
      const { userErrors } = refused("PROVIDER_REJECTED", "The issuer refused the order.", null);
      return { order: presentOrder(marked), card: null, replayed: false, userErrors: isRefused ? userErrors : [] };
    }
    const settled = await store.settleOrder(order.id, card);
    return { order: presentOrder(settled.order), card: presentCard(settled.card), replayed: false, userErrors: [] };
  }

  return {
    /** Told once the server listens, because the provider calls it back. */
    listensAt: (url) => {
      publicUrl = url;
    },
    createVirtualCard: async (input) => {
      const fingerprint = createHash("sha256").update(JSON.stringify(input)).digest("hex");
      const email = input.email ?? settings.prepaidify.defaultEmail;
      const order = await store.placeOrder({ ...input, email, fingerprint });
      return order ? send(order, input) : standing(input.orderNo, fingerprint);
    },
    createCardContact: async (input) => {
      const contactId = await pagsmile.createContact(input);
      return { contact: presentContact(await store.addContact(contactId, input)), userErrors: [] };
    },
    card: async (id) => {
      const row = await store.cardById(id);
      return row && presentCard(row);
    },
    cards: async (first) => (await store.newestCards(first)).map(presentCard),
    /** Headers of the answer "success" while the order is being sent, else null. */
    confirm: async (pathAndQuery, orderNo) =>
      (await store.isSending(orderNo)) ? prepaidify.confirmation(pathAndQuery) : null,
    /** A callback is believed only as far as the provider itself says the same. False for an unknown address. */
    receive: async (token, event) => {
      const order = await store.orderByToken(token);
      if (order) await store.changeCard(await prepaidify.readCard(event.data.cardId, order.email));
      return order !== null;
    },
    close: store.close,
  };
}

/** What a mutation answers when nothing was done. */
export function refused(code, message, field) {
  return { order: null, card: null, contact: null, replayed: false, userErrors: [{ code, message, field }] };
}
