import type { KeyObject } from "node:crypto";
import type {
  CallbackDesk,
  CallbackRoute,
  InboundAnswer,
  InboundRequest,
  ProviderParts,
} from "../../domain/registration.js";
import { toAccountEvent, toOrderEvent } from "./callback-event.js";
import type { PrepaidifyAccount } from "./config.js";
import { isSameSecret, sign, signingKey } from "./crypto.js";

/** Where the provider asks whether an order is ours; followed by the operation. */
export const VALIDATE_PATH = "/callbacks/prepaidify/validate";

const EVENTS_PATH = "/callbacks/prepaidify/events";

/** Source: Prepaidify, Things Need To Know: the four operations that are validated in reverse. */
const OPERATIONS: readonly string[] = ["create", "deposit", "refund", "cancel"];

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
    {
      method: "POST",
      path: `${EVENTS_PATH}/:token`,
      handle: (request, desk) => receive({ account, parts, request, desk }),
    },
  ];
}

interface Inbound {
  readonly account: PrepaidifyAccount;
  readonly parts: ProviderParts;
  readonly request: InboundRequest;
  readonly desk: CallbackDesk;
}

interface Validation extends Inbound {
  readonly key: KeyObject;
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

/**
 * An event: stored first and believed later, because anyone who knows the address may post to it. The address is one
 * order's, which went out with it, or the account's, which the provider's staff were given.
 */
async function receive({ account, parts, request, desk }: Inbound): Promise<InboundAnswer> {
  const token = request.params.token ?? "";
  const refuse = (outcome: "unknown_token" | "malformed", status: number, body: string): InboundAnswer => {
    parts.journal.record({ event: "callback_received", provider: "PREPAIDIFY", outcome });
    return answer(status, body);
  };
  if (!TOKEN.test(token)) return refuse("unknown_token", 404, "not found");
  if (account.callbackToken !== null && isSameSecret(token, account.callbackToken.reveal())) {
    const event = toAccountEvent(request.body);
    if (event === null) return refuse("malformed", 400, "bad request");
    await desk.receiveForAccount(event);
    return answer(200, YES);
  }
  const event = toOrderEvent(token, request.body);
  if (event === null) return refuse("malformed", 400, "bad request");
  return (await desk.receive(event)) ? answer(200, YES) : answer(404, "not found");
}

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): InboundAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body };
}
