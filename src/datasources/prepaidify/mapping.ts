import type { CardHolderSnapshot, CardSnapshot } from "../../domain/card.js";
import { isCardNumber, withoutCardNumbers } from "../../domain/card-number.js";
import type { Money } from "../../domain/money.js";
import type { CardRange, CreateVirtualCardRequest } from "../../domain/provider.js";
import { isOpening, toCardStatus } from "./status.js";
import { clip, freeText, holdsCardNumber, plainText } from "./text.js";
import type { WireCardModel, WireCardRange, WireCreateCard } from "./wire.js";

/** The only currency. Source: Prepaidify, Things Need To Know: every amount is in USD cents. */
export const CURRENCY = "USD";

/** Longest text that is taken over from the provider; addresses are far below it. */
const MAX_TEXT_LENGTH = 256;
const MAX_STATUS_LENGTH = 64;
const MAX_TAGS = 32;

/** Stands for a status of which nothing may be kept. */
const UNREADABLE = "unreadable";

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
    status: toCardStatus(plainText(card.status)),
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
  if (order.customerId && echoed !== null && echoed !== toEcho(order.customerId)) return false;
  return card.deposit === Number(order.deposit) || (isOpening(card.status) && card.deposit === 0);
}

/** Usable card ranges in our words, in the provider's order of `posOrder`, each id once; no id is a card number. */
export function toCardRanges(ranges: readonly WireCardRange[]): readonly CardRange[] {
  const position = (range: WireCardRange): number => range.posOrder ?? Number.MAX_SAFE_INTEGER;
  const byId = new Map<string, CardRange>();
  for (const range of [...ranges].sort((left, right) => position(left) - position(right))) {
    const isUsable = !byId.has(range.vid) && !holdsCardNumber(range.vid);
    if (isUsable) byId.set(range.vid, toCardRange(range));
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

/** The status as it came, fit to be kept and logged. */
function toStatusText(text: string): string {
  return freeText(text, MAX_STATUS_LENGTH) || UNREADABLE;
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

/**
 * Plain text that is neither a placeholder nor a card number.
 * Source: Prepaidify, API For Creating Virtual Card: `-` while the card is opening.
 */
function known(text: string | null | undefined): string | null {
  const value = plainText(text ?? "").trim();
  return value === "" || value === "-" || isCardNumber(value) ? null : clip(withoutCardNumbers(value), MAX_TEXT_LENGTH);
}

/** What the provider echoes, blanks included so that it can be compared with what was sent. */
function toEcho(text: string | null | undefined): string | null {
  return known(text) === null ? null : clip(withoutCardNumbers(plainText(text ?? "")), MAX_TEXT_LENGTH);
}

/** Free text: no placeholder, bounded, and without anything as long as a card number. */
function toText(text: string | null | undefined): string | null {
  const value = known(text);
  return value === null ? null : known(freeText(value, MAX_TEXT_LENGTH));
}

function matching(text: string | null | undefined, shape: RegExp): string | null {
  const value = known(text);
  return value !== null && shape.test(value) ? value : null;
}

/** A number inside bounds; the placeholder 0 of year and month is outside. */
function within(value: number | null | undefined, least: number, most: number): number | null {
  return typeof value === "number" && value >= least && value <= most ? value : null;
}

const DATE_TIME = /^((?:19|2\d)\d{2}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * A moment in any of the forms that were seen: 10 digits are seconds, 13 milliseconds, 16 microseconds; text is a date
 * and a time, also as ISO 8601 has them.
 * Source: Prepaidify, Successful card opening callback (seconds); the siblings show the others.
 * Assumed: text without a zone is UTC, since no page names one. Guarded by prepaidify/mapping.test.ts.
 */
export function toDate(value: string | number | null | undefined): Date | null {
  if (value === null || value === undefined) return null;
  const text = plainText(String(value)).trim();
  if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1_000);
  if (/^\d{13}$/.test(text)) return new Date(Number(text));
  if (/^\d{16}$/.test(text)) return new Date(Math.floor(Number(text) / 1_000));
  const [, day, time, fraction = "", zone = "Z"] = DATE_TIME.exec(text) ?? [];
  const moment = `${day}T${time}`;
  // A day that does not exist, such as 30 February, rolls over instead of failing.
  const written = new Date(`${moment}Z`);
  if (Number.isNaN(written.getTime()) || !written.toISOString().startsWith(moment)) return null;
  const date = new Date(`${moment}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
