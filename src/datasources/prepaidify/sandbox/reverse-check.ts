import type { KeyObject } from "node:crypto";
import type { Clock } from "../../../domain/clock.js";
import { VALIDATE_PATH } from "../callback.js";
import { isSameSignature, sign } from "../crypto.js";
import { Refusal } from "./answers.js";
import { type Exchanged, exchange } from "./exchange.js";

/** How long the other side may think. The provider's own limit is unknown. */
const REVERSE_TIMEOUT_MS = 5_000;

/** What a reverse validation is made with. */
export interface ReverseCheckParts {
  readonly accessKey: string;
  readonly key: KeyObject;
  readonly clock: Clock;
  /** How the server under test is reached. */
  readonly publicUrl: () => string;
  /** Whether the query belongs to the signed path. */
  readonly signsQuery: boolean;
  /** How far the answer's timestamp may be from the sandbox's clock, in milliseconds. */
  readonly timestampWindowMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the merchant whether an order is its own, as the provider does before it moves money.
 * Throws a {@link Refusal}: 200008 when the answer is not a signed `success`, 200009 when its signature is wrong.
 * Source: Prepaidify, Things Need To Know. Sibling: Alchemy Pay, About reverse validation.
 */
export async function checkInReverse(orderNo: string, parts: ReverseCheckParts): Promise<void> {
  const url = `${parts.publicUrl()}${VALIDATE_PATH}/create?orderNo=${encodeURIComponent(orderNo)}`;
  const answer = await ask(url, parts.signal);
  const presentedKey = answer?.headers["ach-access-key"];
  const timestamp = answer?.headers["ach-access-timestamp"];
  const signature = answer?.headers["ach-access-sign"];
  if (answer?.status !== 200 || answer.body !== "success") throw new Refusal("200008");
  if (typeof presentedKey !== "string" || typeof timestamp !== "string" || typeof signature !== "string") {
    throw new Refusal("200008");
  }
  const { pathname, search } = new URL(url);
  const expected = sign(parts.key, timestamp, "GET", pathname + (parts.signsQuery ? search : ""), "");
  const ageMs = Math.abs(Number(timestamp) - parts.clock.now().getTime());
  const fresh = /^\d{13}$/.test(timestamp) && ageMs <= parts.timestampWindowMs;
  if (presentedKey !== parts.accessKey || !fresh || !isSameSignature(signature, expected)) throw new Refusal("200009");
}

async function ask(url: string, signal: AbortSignal): Promise<Exchanged | null> {
  try {
    return await exchange({ method: "GET", url, timeoutMs: REVERSE_TIMEOUT_MS, signal });
  } catch {
    return null;
  }
}
