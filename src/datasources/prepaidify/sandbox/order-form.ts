import { Refusal } from "./answers.js";
import type { SandboxOrder } from "./cards.js";
import { SANDBOX_RANGES } from "./ranges.js";

/** Source: Prepaidify, API For Creating Virtual Card: a single recharge is USD 5 to USD 5000. */
const MIN_DEPOSIT = 500;
const MAX_DEPOSIT = 500_000;

/**
 * Reads the body of a create call. Throws a {@link Refusal} with the provider's code for the first thing that is wrong.
 * Source: Prepaidify, API For Creating Virtual Card (request parameters). Which code stands for which fault is the
 * sibling's list, read by us.
 */
export function readOrder(body: Readonly<Record<string, unknown>>, email: string): SandboxOrder {
  const vid = required(body.vid);
  const deposit = required(body.deposit);
  const orderNo = required(body.orderNo);
  const callbackUrl = required(body.callbackUrl);
  const range = SANDBOX_RANGES.find((known) => known.vid === vid);
  if (!range) throw new Refusal("200002");
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(orderNo)) throw new Refusal("200002");
  if (!isCallbackUrl(callbackUrl)) throw new Refusal("200002");
  if (!/^[1-9]\d{0,23}$/.test(deposit)) throw new Refusal("200002");
  const amount = Number(deposit);
  if (amount < MIN_DEPOSIT || amount > MAX_DEPOSIT) throw new Refusal("400005");
  if (amount < range.minDepositMinor) throw new Refusal("300003");
  return {
    range,
    deposit: amount,
    orderNo,
    callbackUrl,
    email,
    customerId: body.customerId === undefined ? null : required(body.customerId),
    holder: readHolder(body.cardHolder),
  };
}

function readHolder(value: unknown): SandboxOrder["holder"] {
  if (value === undefined) return null;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("200002");
  const { firstName, lastName } = value as { readonly firstName?: unknown; readonly lastName?: unknown };
  return { firstName: name(firstName), lastName: name(lastName) };
}

function name(value: unknown): string {
  const text = required(value);
  if (!/^[a-zA-Z]{3,}$/.test(text)) throw new Refusal("200002");
  return text;
}

function required(value: unknown): string {
  if (value === undefined) throw new Refusal("200001");
  if (typeof value !== "string") throw new Refusal("200002");
  return value;
}

function isCallbackUrl(text: string): boolean {
  return text.length <= 256 && URL.canParse(text) && /^https?:\/\//.test(text);
}
