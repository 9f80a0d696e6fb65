import type { CardShelf, SandboxCard } from "./cards.js";
import { SANDBOX_RANGES } from "./ranges.js";

/** A refusal with a code of the provider's list. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The envelope of a success. Source: Prepaidify, API For Creating Virtual Card (response example). */
export function successEnvelope(model: unknown, nowMs: number): string {
  return JSON.stringify({ success: true, error: false, msg: "成功", code: 0, model, traceId: nowMs });
}

/** The envelope of a failure. Sibling: Alchemy Pay, page mode (failure example); `code` is text there. */
export function failureEnvelope(code: string, nowMs: number): string {
  return JSON.stringify({
    code,
    msg: `sandbox refusal ${code}`,
    model: null,
    traceId: String(nowMs),
    error: true,
    success: false,
  });
}

const HIDDEN_STATUSES: readonly string[] = [
  "INIT",
  "INIT_CREATE_CARD_HOLDER",
  "INIT_CREATE_CARD",
  "INIT_ACTIVE_CARD",
  "CREATE_CARD_FAILED_REFUND",
];

/**
 * `model` of an answer that describes a card: placeholders while it is opening, number and CVC in clear text
 * afterwards. Source: Prepaidify, API For Creating Virtual Card. Sibling: Alchemy Pay, card details.
 */
export function cardModel(card: SandboxCard): object {
  const issued = !HIDDEN_STATUSES.includes(card.status);
  return {
    cardHolder: {
      firstName: card.firstName,
      lastName: card.lastName,
      street: "1010 Pine St LOT 12-E",
      city: "Vienna",
      state: "GA",
      country: "US",
      zipCode: "31092",
    },
    card: {
      userId: card.userId,
      customerId: card.customerId,
      cardHolderId: card.cardHolderId,
      holderName: `${card.firstName} ${card.lastName}`,
      cardId: card.cardId,
      cardSeqNo: card.cardSeqNo,
      deposit: card.deposit,
      consume: 0,
      balance: card.deposit,
      cvc: issued ? card.cvc : "-",
      number: issued ? card.number : "-",
      cardBin: issued ? card.number.slice(0, 6) : "-",
      last4: issued ? card.number.slice(-4) : "-",
      status: card.status,
      expYear: issued ? card.expYear : 0,
      expMonth: issued ? card.expMonth : 0,
      gmtCreate: card.openedAtMs,
    },
    tags: ["test"],
  };
}

/**
 * The body of the callback that ends an opening. Source: Prepaidify, Successful card opening callback (`cardBin` is
 * the range's id there, the number has a blank, the time is in seconds) and Fail card opening callback.
 */
export function callbackBody(card: SandboxCard, eventId: string): string {
  const envelope = { eventId, webhookSubscribeId: "wsb_sandbox" };
  const { cardId, userId, orderNo } = card;
  if (card.status === "CREATE_CARD_FAILED_REFUND") {
    return JSON.stringify({ eventType: "CREATE_CARD_FAIL", ...envelope, data: { cardId, userId, orderNo } });
  }
  const data = {
    userId,
    cardHolderId: card.cardHolderId,
    holderName: `${card.firstName} ${card.lastName}`,
    cardId,
    cardSeqNo: card.cardSeqNo,
    customerId: card.customerId,
    deposit: card.deposit,
    consume: 0,
    balance: card.deposit,
    cvc: card.cvc,
    number: `${card.number.slice(0, 3)} ${card.number.slice(3)}`,
    cardBin: card.vid,
    last4: card.number.slice(-4),
    status: card.status,
    statusText: "Activated",
    expYear: card.expYear,
    expMonth: card.expMonth,
    gmtCreate: card.openedAtMs === null ? null : Math.floor(card.openedAtMs / 1_000),
    orderNo,
  };
  return JSON.stringify({ eventType: "CREATE_CARD", ...envelope, data });
}

/** `model` of the list of card ranges. Assumed: the fields of the upstream's page; see the adapter's README. */
export function rangesModel(shelf: CardShelf): readonly object[] {
  return SANDBOX_RANGES.map(({ minDepositMinor, ...range }) => ({
    ...range,
    cardCount: shelf.countOf(range.vid),
    activeCardCount: shelf.countOf(range.vid),
    newCardMinDepositAmount: { amount: minDepositMinor, currency: "USD" },
    accountBalance: null,
  }));
}
