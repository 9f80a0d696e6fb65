import type { CardHolderSnapshot, CardSnapshot } from "../../domain/card.js";
import { CARD_STATUSES, type CardStatus, lifecycleOf } from "../../domain/card-status.js";
import type { Money } from "../../domain/money.js";
import type { CardRange, CreateVirtualCardRequest } from "../../domain/provider.js";
import { withoutLongNumbers } from "./text.js";
import type { WireCardModel, WireCardRange, WireCreateCard } from "./wire.js";

/** The only currency. Source: Prepaidify, Things Need To Know: every amount is in USD cents. */
export const CURRENCY = "USD";

/** Longest text that is taken over from the provider; addresses are far below it. */
const MAX_TEXT_LENGTH = 256;
const MAX_STATUS_LENGTH = 64;
const MAX_TAGS = 32;

/** The order in the provider's words. The deposit becomes digits: `"1000"` is USD 10.00. */
export function toWireCreateCard(request: CreateVirtualCardRequest, callbackUrl: string): WireCreateCard {
  return {
    vid: request.cardRangeId,
    cardHolder: request.cardHolder,
    deposit: String(request.deposit.amountMinor),
    orderNo: request.orderNo,
    callbackUrl,
    customerId: request.customerId,
  };
}

/** A described card in our words. Pure and total: what cannot be understood is null, never an error. */
export function toCardSnapshot({ card, cardHolder, tags }: WireCardModel): CardSnapshot {
  return {
    providerCardId: card.cardId,
    providerUserId: known(card.userId),
    cardSeqNo: known(card.cardSeqNo),
    customerId: toEcho(card.customerId),
    status: toCardStatus(card.status),
    providerStatus: toStatusText(card.status),
    statusText: toText(card.statusText),
    cardHolder: toCardHolder(card, cardHolder ?? null),
    bin: matching(card.cardBin, /^\d{6,8}$/),
    last4: matching(card.last4, /^\d{4}$/),
    expMonth: within(card.expMonth, 1, 12),
    expYear: within(card.expYear, 2000, 2999),
    depositMinor: card.deposit,
    consumeMinor: card.consume,
    balanceMinor: card.balance,
    currency: CURRENCY,
    tags: toTags(tags),
    openedAt: toDate(card.gmtCreate),
  };
}

/**
 * Whether an accepted order's card is the one that was ordered; anything else is not believed.
 * Assumed: `customerId` comes back as it was sent or not at all, and the deposit is what was sent, or still 0 while
 * the card is opening. Guarded by prepaidify/client.test.ts.
 */
export function fitsOrder(order: WireCreateCard, { card }: WireCardModel): boolean {
  const echoed = toEcho(card.customerId);
  if (order.customerId && echoed !== null && echoed !== order.customerId) return false;
  const opening = lifecycleOf(toCardStatus(card.status)) === "OPENING";
  return card.deposit === Number(order.deposit) || (opening && card.deposit === 0);
}

/** Usable card ranges in our words, in the provider's order of `posOrder`, each id once. */
export function toCardRanges(ranges: readonly WireCardRange[]): readonly CardRange[] {
  const position = (range: WireCardRange): number => range.posOrder ?? Number.MAX_SAFE_INTEGER;
  const byId = new Map<string, CardRange>();
  for (const range of [...ranges].sort((left, right) => position(left) - position(right))) {
    if (!byId.has(range.vid)) byId.set(range.vid, toCardRange(range));
  }
  return [...byId.values()];
}

function toCardRange(range: WireCardRange): CardRange {
  return {
    id: range.vid,
    bin: matching(range.cardBin, /^\d{6,8}$/),
    description: toText(range.desp),
    cardCount: within(range.cardCount, 0, Number.MAX_SAFE_INTEGER),
    activeCardCount: within(range.activeCardCount, 0, Number.MAX_SAFE_INTEGER),
    minDeposit: toMoney(range.newCardMinDepositAmount),
    accountBalance: toMoney(range.accountBalance),
  };
}

/**
 * Source: Prepaidify, API For Creating Virtual Card, `status`; the underscores, lost on the page, are the upstream's.
 * Sibling: Alchemy Pay, card details, adds `WAIT_CANCEL`, waiting for deletion.
 */
function toCardStatus(text: string): CardStatus {
  if (text === "WAIT_CANCEL") return "CANCELLING";
  return CARD_STATUSES.find((status) => status === text) ?? "UNRECOGNIZED";
}

/** The status as it came, fit to be kept and logged. */
function toStatusText(text: string): string {
  return withoutLongNumbers(text).slice(0, MAX_STATUS_LENGTH);
}

function toCardHolder(card: WireCardModel["card"], holder: WireCardModel["cardHolder"] | null): CardHolderSnapshot {
  // Sibling: Alchemy Pay, later page of card details, nests the address; the provider's own has it flat.
  const address = (name: "street" | "city" | "state" | "country" | "zipCode"): string | null =>
    toText(holder?.[name]) ?? toText(holder?.address?.[name]);
  return {
    providerCardHolderId: known(card.cardHolderId),
    firstName: toText(holder?.firstName),
    lastName: toText(holder?.lastName),
    holderName: toText(card.holderName),
    street: address("street"),
    city: address("city"),
    state: address("state"),
    country: address("country"),
    zipCode: address("zipCode"),
  };
}

function toTags(tags: readonly unknown[] | null | undefined): readonly string[] {
  const texts = (tags ?? []).map((tag) => (typeof tag === "string" ? toText(tag) : null));
  return texts.filter((text) => text !== null).slice(0, MAX_TAGS);
}

function toMoney(amount: WireCardRange["accountBalance"]): Money | null {
  if (!amount || !/^[A-Z]{3}$/.test(amount.currency)) return null;
  return { amountMinor: amount.amount, currency: amount.currency };
}

/** Text that is no placeholder. Source: Prepaidify, API For Creating Virtual Card: `-` while the card is opening. */
function known(text: string | null | undefined): string | null {
  const trimmed = text?.trim();
  return trimmed && trimmed !== "-" ? trimmed.slice(0, MAX_TEXT_LENGTH) : null;
}

/** What the provider echoes, unchanged so that it can be compared with what was sent; a placeholder is no echo. */
function toEcho(text: string | null | undefined): string | null {
  return known(text) === null ? null : (text ?? null);
}

/** Free text: no placeholder, bounded, and without anything as long as a card number. */
function toText(text: string | null | undefined): string | null {
  const value = known(text);
  return value === null ? null : known(withoutLongNumbers(value));
}

function matching(text: string | null | undefined, shape: RegExp): string | null {
  const value = known(text);
  return value !== null && shape.test(value) ? value : null;
}

/** A number inside bounds; the placeholder 0 of year and month is outside. */
function within(value: number | null | undefined, least: number, most: number): number | null {
  return typeof value === "number" && value >= least && value <= most ? value : null;
}

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/**
 * A moment in any of the forms that were seen: 10 digits are seconds, 13 milliseconds, 16 microseconds.
 * Source: Prepaidify, Successful card opening callback (seconds); the siblings show the others.
 * Assumed: the text form is UTC, since no page names its zone. Guarded by prepaidify/mapping.test.ts.
 */
export function toDate(value: string | number | null | undefined): Date | null {
  if (value === null || value === undefined) return null;
  const text = String(value).trim();
  if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1_000);
  if (/^\d{13}$/.test(text)) return new Date(Number(text));
  if (/^\d{16}$/.test(text)) return new Date(Math.floor(Number(text) / 1_000));
  if (!DATE_TIME.test(text)) return null;
  const date = new Date(`${text.replace(" ", "T")}.000Z`);
  // A day that does not exist, such as 30 February, rolls over instead of failing.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.replace(" ", "T")) ? date : null;
}
