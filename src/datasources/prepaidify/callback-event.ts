import { createHash } from "node:crypto";
import { type AccountEvent, type EventTarget, MAX_EVENT_TARGETS } from "../../domain/account-inbox.js";
import { isCardNumber } from "../../domain/card-number.js";
import type { ReceivedEvent } from "../../domain/registration.js";
import { toDate } from "./mapping.js";
import { freeText, plainText, toToken } from "./text.js";
import { parseCallback, type WireCallback } from "./wire.js";

/** No callback that is documented comes near it. */
const MAX_CALLBACK_BYTES = 65_536;

const MAX_DEDUPE_KEY_LENGTH = 100;

/** Source: Prepaidify, Risk Control webhook: `type` of an event that concerns every card of its user. */
const WHOLE_USER = "FREEZE_ACCOUNT";

/** A callback to one order's address as it may be stored; null when the text is not one. */
export function toOrderEvent(token: string, body: string): ReceivedEvent | null {
  const read = readCallback(body);
  if (!read) return null;
  const { callback, eventType, payload, orderNo, providerCardId } = read;
  const { cardId, orderNo: named, status: saidStatus, type, gmtCreate } = callback.data;
  return {
    provider: "PREPAIDIFY",
    token,
    dedupeKey: dedupeKey(callback, [cardId, named, saidStatus, type, gmtCreate?.toString()]),
    eventType,
    orderNo,
    providerCardId,
    payload,
  };
}

/**
 * An event to the account's address as it may be stored; null when the text is not one.
 * Source: Prepaidify, Risk Control webhook: `cardIds` is a list, and only `userId` is sure to be there.
 */
export function toAccountEvent(body: string): AccountEvent | null {
  const read = readCallback(body);
  if (!read) return null;
  const { callback, eventType, payload } = read;
  const { userId, cardId, cardIds, orderNo, type, gmtCreate } = callback.data;
  const about = [cardId, orderNo, userId, type, gmtCreate?.toString(), ...(cardIds ?? [])];
  return { provider: "PREPAIDIFY", eventType, targets: targetsOf(read, dedupeKey(callback, about)), payload };
}

interface ReadCallback {
  readonly callback: WireCallback;
  readonly eventType: string;
  readonly orderNo: string | null;
  readonly providerCardId: string | null;
  readonly payload: Readonly<Record<string, string>>;
}

function readCallback(body: string): ReadCallback | null {
  if (Buffer.byteLength(body) > MAX_CALLBACK_BYTES) return null;
  const callback = parseCallback(body);
  const eventType = callback && code(callback.eventType);
  if (!callback || !eventType) return null;
  const { data } = callback;
  const orderNo = code(data.orderNo);
  const providerCardId = code(data.cardId, 128);
  const payload = withoutNulls({
    eventType,
    eventId: code(callback.eventId),
    webhookSubscribeId: code(callback.webhookSubscribeId),
    cardId: providerCardId,
    orderNo,
    userId: code(data.userId),
    status: status(data.status),
    type: code(data.type),
    riskControlReasonType: code(data.riskControlReasonType),
    gmtCreate: toDate(data.gmtCreate)?.toISOString() ?? null,
  });
  return { callback, eventType, orderNo, providerCardId, payload };
}

/** What an event concerns, a card each, or the whole user: where it says so, names nothing else, or names too much. */
function targetsOf({ callback, orderNo, providerCardId, payload }: ReadCallback, key: string): readonly EventTarget[] {
  const named = (callback.data.cardIds ?? []).map((cardId) => code(cardId, 128));
  const cardIds = [...new Set([providerCardId, ...named])].filter((cardId) => cardId !== null);
  const userId = payload.userId ?? null;
  const namesNothing = cardIds.length === 0 && orderNo === null;
  const namesTooMuch = cardIds.length >= MAX_EVENT_TARGETS;
  const whole = payload.type === WHOLE_USER || namesNothing || namesTooMuch;
  const nothing = { orderNo: null, providerCardId: null, providerUserId: null };
  const user = whole && userId !== null ? [{ ...nothing, providerUserId: userId }] : [];
  const cards = cardIds.map((cardId) => ({ ...nothing, orderNo, providerCardId: cardId }));
  const order = cards.length === 0 && orderNo !== null ? [{ ...nothing, orderNo }] : [];
  const targets = [...user, ...order, ...cards].slice(0, MAX_EVENT_TARGETS);
  const [only = nothing, ...others] = targets;
  if (others.length === 0) return [{ ...only, dedupeKey: key }];
  return targets.map((target) => ({ ...target, dedupeKey: digest(`${key}:${Object.values(target).join(":")}`) }));
}

/**
 * Same event, same key: the provider's id of the event, or what it is about where it has none. Hashed when it is too
 * long or not fit to be stored. Source: Prepaidify, Risk Control webhook: what is not acknowledged is sent again.
 */
function dedupeKey({ eventId, eventType }: WireCallback, about: readonly (string | null | undefined)[]): string {
  const key = eventId || [eventType, ...about.map((part) => part ?? "")].join(":");
  return toToken(key, MAX_DEDUPE_KEY_LENGTH) ?? digest(key);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A code-like field, fit to be stored, or null. */
function code(text: string | null | undefined, maxLength = 64): string | null {
  return text ? toToken(plainText(text), maxLength) : null;
}

/** A state in the provider's words, fit to be stored, or null. */
function status(text: string | null | undefined): string | null {
  return text && !isCardNumber(plainText(text)) ? freeText(text, 64) || null : null;
}

function withoutNulls(fields: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== null));
}
