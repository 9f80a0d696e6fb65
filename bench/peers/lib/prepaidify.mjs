import { createHmac } from "node:crypto";

const CREATE_PATH = "/open/api/card/create";
const INFO_PATH = "/open/api/card/info";

const LIFECYCLES = {
  ACTIVE: "ACTIVE",
  FREEZE: "BLOCKED",
  CANCELLING: "CLOSING",
  CANCELED: "CLOSED",
  EXPIRED: "CLOSED",
  DELETED: "CLOSED",
  CREATE_CARD_FAILED_REFUND: "FAILED",
};
const OPENING = ["INIT", "INIT_CREATE_CARD", "INIT_CREATE_CARD_HOLDER", "INIT_ACTIVE_CARD"];

/** The provider refused the call for certain; nothing was spent. */
export class Refused extends Error {}

/**
 * Prepaidify's wire: signed requests out, cards in our words in.
 * @param {typeof import("./settings.mjs").settings.prepaidify} account
 * @param {(url: string, request: { headers: object, body: string }) => Promise<{ status: number, text: string }>} post
 *   The HTTP client of the server.
 */
export function prepaidifyClient(account, post) {
  const sign = (timestamp, method, path, body) =>
    createHmac("sha256", account.secretKey).update(`${timestamp}${method}${path}${body}`).digest("base64");

  async function call(path, message, email) {
    const body = canonicalJson(message);
    const timestamp = String(Date.now());
    const headers = {
      "content-type": "application/json",
      "ach-access-key": account.accessKey,
      "ach-access-timestamp": timestamp,
      "ach-access-sign": sign(timestamp, "POST", path, body),
      language: "EN",
      email,
    };
    const { status, text } = await post(account.url + path, { headers, body });
    const answer = JSON.parse(text);
    if (status !== 200 || answer.success !== true) throw new Refused(`code ${answer.code}`);
    return toCard(answer.model);
  }

  return {
    createCard: async ({ cardRangeId, deposit, cardHolder, orderNo, customerId }, email, callbackUrl) => {
      const message = {
        vid: cardRangeId,
        cardHolder,
        deposit: String(deposit.amountMinor),
        orderNo,
        callbackUrl,
        customerId,
      };
      const card = await call(CREATE_PATH, message, email);
      if (card.depositMinor !== deposit.amountMinor) throw new Error("the answer does not fit the order");
      return card;
    },
    readCard: (cardId, email) => call(INFO_PATH, { cardId }, email),
    /** Headers of the answer "success" to a reverse validation of an order that is being sent. */
    confirmation: (pathAndQuery) => {
      const timestamp = String(Date.now());
      return {
        "content-type": "text/plain",
        "ach-access-key": account.accessKey,
        "ach-access-timestamp": timestamp,
        "ach-access-sign": sign(timestamp, "GET", pathAndQuery, ""),
      };
    },
  };
}

/** The text that is signed and sent: members ascending, empty ones left out. */
function canonicalJson(value) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => [name, canonicalJson(value[name])])
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return members.length === 0 ? "" : `{${members.join(",")}}`;
}

/** A card in our words; throws for an answer that describes none. Number and CVC end here. */
function toCard({ card, cardHolder }) {
  if (typeof card?.cardId !== "string" || typeof card.status !== "string" || !Number.isInteger(card.deposit)) {
    throw new Error("the answer describes no card");
  }
  return {
    providerCardId: card.cardId,
    customerId: known(card.customerId),
    status: card.status in LIFECYCLES || OPENING.includes(card.status) ? card.status : "UNRECOGNIZED",
    lifecycle: LIFECYCLES[card.status] ?? (OPENING.includes(card.status) ? "OPENING" : "UNKNOWN"),
    bin: known(card.cardBin),
    last4: known(card.last4),
    expMonth: card.expMonth || null,
    expYear: card.expYear || null,
    depositMinor: card.deposit,
    balanceMinor: card.balance ?? 0,
    firstName: known(cardHolder?.firstName),
    lastName: known(cardHolder?.lastName),
    holderName: known(card.holderName),
  };
}

/** While a card is opening the provider sends placeholders. */
function known(text) {
  return typeof text !== "string" || text === "" || text === "-" ? null : text;
}
