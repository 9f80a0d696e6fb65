import { createHash, type KeyObject } from "node:crypto";
import { isCardNumber } from "../../domain/card-number.js";
import type {
  CallbackDesk,
  CallbackRoute,
  InboundAnswer,
  InboundRequest,
  ProviderParts,
  ReceivedEvent,
} from "../../domain/registration.js";
import type { PrepaidifyAccount } from "./config.js";
import { sign, signingKey } from "./crypto.js";
import { toDate } from "./mapping.js";
import { freeText, plainText, toToken } from "./text.js";
import { parseCallback, type WireCallback } from "./wire.js";

/** Where the provider asks whether an order is ours; followed by the operation. */
export const VALIDATE_PATH = "/callbacks/prepaidify/validate";

const EVENTS_PATH = "/callbacks/prepaidify/events";

/** Source: Prepaidify, Things Need To Know: the four operations that are validated in reverse. */
const OPERATIONS: readonly string[] = ["create", "deposit", "refund", "cancel"];

/** No callback that is documented comes near it. */
const MAX_CALLBACK_BYTES = 65_536;

const MAX_DEDUPE_KEY_LENGTH = 100;

/** What an order number or the secret part of an address looks like; nothing else is asked about. */
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** The body of every yes. Source: Prepaidify, Things Need To Know. */
const YES = "success";

/** The address that is sent as `callbackUrl`. */
export function callbackAddress(publicUrl: string, token: string): string {
  return `${publicUrl}${EVENTS_PATH}/${encodeURIComponent(token)}`;
}

/** The addresses that Prepaidify calls. */
export function callbackRoutes(account: PrepaidifyAccount, parts: ProviderParts): readonly CallbackRoute[] {
  const key = signingKey(account.secretKey.reveal());
  return [
    {
      method: "GET",
      path: `${VALIDATE_PATH}/:operation`,
      handle: (request, desk) => validate({ account, parts, key, request, desk }),
    },
    { method: "POST", path: `${EVENTS_PATH}/:token`, handle: (request, desk) => receive(parts, request, desk) },
  ];
}

interface Validation {
  readonly account: PrepaidifyAccount;
  readonly parts: ProviderParts;
  readonly key: KeyObject;
  readonly request: InboundRequest;
  readonly desk: CallbackDesk;
}

/**
 * Reverse validation: the provider holds our call until it hears that the order is being sent right now. Everything
 * else is told nothing, and gets no signature. Source: Prepaidify, Things Need To Know.
 */
async function validate({ account, parts, key, request, desk }: Validation): Promise<InboundAnswer> {
  const operation = request.params.operation ?? "";
  const orderNo = request.query.orderNo ?? "";
  if (!OPERATIONS.includes(operation) || !TOKEN.test(orderNo) || !request.url.startsWith("/")) {
    // The desk records what it is asked; this one it never hears of.
    const known = OPERATIONS.includes(operation) ? operation : "other";
    parts.journal.record({
      event: "reverse_validation",
      provider: "PREPAIDIFY",
      operation: known,
      outcome: "refused",
    });
    return answer(404, "not found");
  }
  const confirmed = await desk.isSending("PREPAIDIFY", operation, orderNo);
  if (!confirmed) return answer(404, "not found");
  const timestamp = String(parts.clock.now().getTime());
  const path = signedPath(parts.publicUrl(), request.url, account.reverseSignQuery);
  return answer(200, YES, {
    "ach-access-key": account.accessKey,
    "ach-access-timestamp": timestamp,
    "ach-access-sign": sign(key, timestamp, "GET", path, ""),
  });
}

/**
 * The path of our own public address, as the provider wrote it. Sibling: Alchemy Pay, About reverse validation, gives
 * the formula. Assumed: the query belongs to it and the body does not, which the page leaves open; the query can be
 * switched off. Guarded by prepaidify/reverse-validation.test.ts.
 */
function signedPath(publicUrl: string, url: string, withQuery: boolean): string {
  const prefix = new URL(publicUrl).pathname.replace(/\/+$/, "");
  return prefix + (withQuery ? url : (url.split("?", 1)[0] ?? ""));
}

/** An event: stored first and believed later, because anyone who knows the address may post to it. */
async function receive(parts: ProviderParts, request: InboundRequest, desk: CallbackDesk): Promise<InboundAnswer> {
  const token = request.params.token ?? "";
  if (!TOKEN.test(token)) {
    parts.journal.record({ event: "callback_received", provider: "PREPAIDIFY", outcome: "unknown_token" });
    return answer(404, "not found");
  }
  const event = toEvent(token, request.body);
  if (event === null) {
    parts.journal.record({ event: "callback_received", provider: "PREPAIDIFY", outcome: "malformed" });
    return answer(400, "bad request");
  }
  return (await desk.receive(event)) ? answer(200, YES) : answer(404, "not found");
}

function toEvent(token: string, body: string): ReceivedEvent | null {
  if (Buffer.byteLength(body) > MAX_CALLBACK_BYTES) return null;
  const callback = parseCallback(body);
  const eventType = callback && code(callback.eventType);
  if (!callback || !eventType) return null;
  const { data } = callback;
  const orderNo = code(data.orderNo);
  const providerCardId = code(data.cardId, 128);
  return {
    provider: "PREPAIDIFY",
    token,
    dedupeKey: dedupeKey(callback),
    eventType,
    orderNo,
    providerCardId,
    payload: withoutNulls({
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
    }),
  };
}

/**
 * Same event, same key: the provider's id of the event, or what it is about where it has none. Hashed when it is too
 * long or not fit to be stored. Source: Prepaidify, Risk Control webhook: what is not acknowledged is sent again.
 */
function dedupeKey({ eventId, eventType, data }: WireCallback): string {
  const key = eventId || [eventType, data.cardId ?? "", data.orderNo ?? ""].join(":");
  return toToken(key, MAX_DEDUPE_KEY_LENGTH) ?? createHash("sha256").update(key).digest("hex");
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

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): InboundAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body };
}
