import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { passesLuhn, withoutCardNumbers } from "../../domain/card-number.js";
import type { Journal } from "../../domain/journal.js";
import type { CallbackDesk, CallbackRoute, InboundAnswer, ReceivedEvent } from "../../domain/registration.js";
import type { Secret } from "../../domain/secret.js";
import { parseJson } from "./wire.js";

/**
 * Kinds of notification by `notify_type`. Source: Pagsmile, Webhook pages (examples).
 * Assumed: 2 is the card status, the only page without a number. Guarded by test/datasources/pagsmile/callback.test.ts.
 */
const EVENT_TYPES: Readonly<Record<string, string>> = {
  "1": "apply_card_result",
  "2": "card_status",
  "3": "holder_audit",
  "4": "authorization",
};

/** A one-time code for a payment: secret and worthless minutes later. Source: Pagsmile, OTP notification. */
const OTP_TYPE = "6";

const token = z.union([z.string(), z.int()]).transform((value) => withoutControls(String(value)));

/** What the secret part of an address looks like; nothing else is compared with it. */
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** Source: Pagsmile, Webhook pages: `request_id` is unique, `notify_type` and `biz_data` are required. */
const notificationSchema = z.object({
  request_id: token.pipe(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)),
  notify_type: token.pipe(z.string().regex(/^[0-9]{1,4}$/)),
  timestamp: z.string().nullish(),
  // Encrypted notifications are announced as "reserved"; their text is let in and not read.
  biz_data: z.union([z.record(z.string(), z.unknown()), z.string()]),
});

/**
 * Fields of `biz_data` that may be stored. Never the (masked) number `card_pan`, the one-time code
 * `validation_value`, the holder's name, amounts or merchants.
 */
const KEPT_FIELDS = [
  "order_no",
  "order_status",
  "order_count",
  "card_token",
  "card_scheme",
  "card_type",
  "is_share_card",
  "holder_id",
  "pre_status",
  "status",
  "auth_id",
  "auth_status",
  "data_type",
  "process_status",
  "transaction_id",
  "transaction_type",
] as const;

/** Source: Pagsmile, Payout notification: the text `success` with status 200; issuing pages lost theirs. */
const ACCEPTED: InboundAnswer = answer(200, "success");

/**
 * The address for Pagsmile's notifications. They carry no signature, so the unguessable token is all there is; an
 * event is a hint and nothing is believed because of it. Bad input is answered 404 or 400; only a failing desk throws.
 */
export function notificationRoute(callbackToken: Secret<string> | null, journal: Journal): CallbackRoute {
  const refuse = (outcome: "unknown_token" | "malformed", status: number, text: string): InboundAnswer => {
    journal.record({ event: "callback_received", provider: "PAGSMILE", outcome });
    return answer(status, text);
  };
  return {
    method: "POST",
    path: "/callbacks/pagsmile/events/:token",
    async handle(request, desk: CallbackDesk): Promise<InboundAnswer> {
      const presented = request.params.token ?? "";
      if (callbackToken === null || !TOKEN.test(presented) || !isSame(presented, callbackToken.reveal())) {
        return refuse("unknown_token", 404, "not found");
      }
      const notification = notificationSchema.safeParse(parseJson(request.body));
      if (!notification.success) return refuse("malformed", 400, "malformed");
      // Dropped here, before anything could store or log it.
      if (notification.data.notify_type === OTP_TYPE) return ACCEPTED;
      // Whether the desk knows the token does not matter: nothing of ours hangs on these events.
      await desk.receive(toEvent(presented, notification.data));
      return ACCEPTED;
    },
  };
}

function toEvent(presented: string, notification: z.infer<typeof notificationSchema>): ReceivedEvent {
  const { request_id, notify_type, timestamp, biz_data } = notification;
  const payload: Record<string, unknown> = { notify_type };
  if (isHarmless(request_id)) payload.request_id = request_id;
  if (timestamp && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(timestamp)) payload.timestamp = timestamp;
  const fields = typeof biz_data === "string" ? {} : biz_data;
  for (const name of KEPT_FIELDS) {
    const given = fields[name];
    const value = typeof given === "string" ? withoutControls(given) : given;
    if (isHarmless(value)) payload[name] = value;
  }
  const text = (value: unknown): string | null => (value === undefined ? null : String(value));
  return {
    provider: "PAGSMILE",
    token: presented,
    dedupeKey: isHarmless(request_id) ? request_id : createHash("sha256").update(request_id).digest("hex"),
    eventType: EVENT_TYPES[notify_type] ?? `notify_type_${notify_type}`,
    orderNo: text(payload.order_no),
    providerCardId: text(payload.card_token),
    payload,
  };
}

/** Short code-like values only, and none that could be a card number that strayed into the wrong field. */
function isHarmless(value: unknown): boolean {
  if (typeof value === "boolean") return true;
  if (typeof value !== "number" && typeof value !== "string") return false;
  const text = String(value);
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(text) || withoutCardNumbers(text) !== text) return false;
  // Wider than the networks that are known: nothing depends on these fields, so a doubtful one is left out.
  const digits = text.replaceAll(/[-_.]/g, "");
  return !/^\d{13,19}$/.test(digits) || !passesLuhn(digits);
}

/** PostgreSQL refuses some of them; what else is no code-like text is refused by its shape. */
function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "");
}

/** Compares digests, so that neither the length nor the first difference shows in the time taken. */
function isSame(presented: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(presented), digest(expected));
}

function answer(status: number, body: string): InboundAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}
