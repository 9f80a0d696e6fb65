import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

/** A value as JSON has it. `undefined` members count as absent. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue };

/** Marks a value that the canonical form leaves out. */
const LEFT_OUT = "";

/**
 * The one text of a JSON value that is signed and sent: members that are null, `""`, `[]` or `{}` are left out at
 * every depth, members are sorted, nothing is spaced. Empty for a value of which nothing remains.
 * Throws a TypeError for a number that JSON has no form for.
 *
 * Source: Prepaidify, About The Sign (what is left out; members ascending; order of arrays).
 * Assumed: members are compared by code unit; nothing beyond JSON's own rules is escaped; what becomes empty by
 * leaving out is left out too; an array's empty elements are left out. Guarded by prepaidify/crypto.test.ts.
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || value === undefined || value === "") return LEFT_OUT;
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("JSON has no form for this number");
  if (typeof value !== "object") return JSON.stringify(value);
  return isArray(value) ? canonicalArray(value) : canonicalObject(value);
}

// Written out rather than through a sorted object: an object moves members that look like integers to its front.
function canonicalObject(value: { readonly [member: string]: JsonValue }): string {
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const text = canonicalJson(value[name]);
    if (text !== LEFT_OUT) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return members.length === 0 ? LEFT_OUT : `{${members.join(",")}}`;
}

/**
 * Source: Prepaidify, About The Sign: integers ascending, then floats, then strings, then objects and arrays as they
 * came. Assumed: numbers are compared as numbers, and booleans stand before the objects. Guarded by
 * prepaidify/crypto.test.ts. Requests of this adapter hold no arrays at all, so nothing hangs on it.
 */
function canonicalArray(value: readonly JsonValue[]): string {
  const numbers = value.filter((item) => typeof item === "number").sort((left, right) => left - right);
  const ordered: readonly JsonValue[] = [
    ...numbers.filter((item) => Number.isInteger(item)),
    ...numbers.filter((item) => !Number.isInteger(item)),
    ...value.filter((item) => typeof item === "string").sort(),
    ...value.filter((item) => typeof item === "boolean"),
    ...value.filter((item) => typeof item === "object"),
  ];
  const items = ordered.map(canonicalJson).filter((text) => text !== LEFT_OUT);
  return items.length === 0 ? LEFT_OUT : `[${items.join(",")}]`;
}

function isArray(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * A secret as a key, made once and used for every signature.
 * Assumed: the secret is raw UTF-8 text, not hexadecimal or Base64. Guarded by prepaidify/crypto.test.ts.
 */
export function signingKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, "utf8"));
}

/**
 * The signature of a request or of a reverse validation's answer: Base64 of the HMAC-SHA256 of timestamp, method,
 * path and body, joined without separators. `timestamp` is the header's text; `path` carries the query, if it is to
 * be signed; `body` is the canonical JSON, or empty. Source: Prepaidify, About The Sign.
 */
export function sign(key: KeyObject, timestamp: string, method: "GET" | "POST", path: string, body: string): string {
  return createHmac("sha256", key).update(`${timestamp}${method}${path}${body}`, "utf8").digest("base64");
}

/** Whether two secrets are the same, in a time that tells neither where they differ nor how long they are. */
export function isSameSecret(presented: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(presented), digest(expected));
}

/** Whether two signatures are the same, in a time that does not tell where they differ. */
export function isSameSignature(presented: string, expected: string): boolean {
  const [left, right] = [Buffer.from(presented, "utf8"), Buffer.from(expected, "utf8")];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
