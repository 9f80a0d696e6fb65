import { canonicalJson, type JsonValue, sign, signingKey } from "../../../src/datasources/prepaidify/crypto.js";
import type { PrepaidifySandbox } from "../../../src/datasources/prepaidify/sandbox/index.js";

/** The end user of {@link FORM}. */
export const EMAIL = "ada@example.com";

/** An order that is in order, in the provider's words. */
export const FORM = {
  callbackUrl: "http://127.0.0.1:9/callbacks",
  cardHolder: { firstName: "Ada", lastName: "Lovelace" },
  deposit: "5000",
  orderNo: "order-1",
  vid: "vab_069af8a792ad",
};

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly json: { readonly code: unknown; readonly model: unknown; readonly [member: string]: unknown };
}

/** How a request differs from an order that is in order. */
export interface Sending {
  readonly method?: "GET" | "POST";
  readonly path?: string;
  /** Sent as it is; else `form` in canonical form. */
  readonly body?: string;
  readonly form?: JsonValue;
  /** Replaces headers after signing; null takes one away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly timestamp?: string;
}

/** Sends a request that is signed as it should be, unless told otherwise. */
export async function send(sandbox: PrepaidifySandbox, sending: Sending = {}): Promise<Answered> {
  const { method = "POST", path = "/open/api/card/create", timestamp = String(Date.now()) } = sending;
  const body = method === "GET" ? "" : (sending.body ?? canonicalJson(sending.form ?? FORM));
  const key = signingKey(sandbox.account.secretKey.reveal());
  const headers: Record<string, string | null> = {
    "ach-access-key": sandbox.account.accessKey,
    "ach-access-timestamp": timestamp,
    "ach-access-sign": sign(key, timestamp, method, path, body),
    "content-type": "application/json",
    email: EMAIL,
    ...sending.headers,
  };
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  const answer = await fetch(sandbox.url + path, {
    method,
    headers: Object.fromEntries(kept),
    body: method === "GET" ? undefined : body,
  });
  return { status: answer.status, json: (await answer.json()) as Answered["json"] };
}
