import type { KeyObject } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { canonicalJson, isSameSignature, type JsonValue, sign } from "../crypto.js";
import { Refusal } from "./answers.js";

/** Sibling: Alchemy Pay, "Error code" 200005: the valid period of a timestamp is one minute. */
export const TIMESTAMP_WINDOW_MS = 60_000;

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body's bytes as text. */
  readonly body: string;
}

/** What the gate compares with. */
export interface GateKeys {
  readonly accessKey: string;
  readonly key: KeyObject;
  /** How far a timestamp may be from the sandbox's clock, in milliseconds. */
  readonly timestampWindowMs: number;
}

/**
 * Checks headers, timestamp, signature and content type of a request, in this order.
 * Throws a {@link Refusal} with the provider's code for the first thing that is wrong.
 */
export function checkHeaders(request: Arrived, { accessKey, key, timestampWindowMs }: GateKeys, nowMs: number): void {
  const presentedKey = header(request, "ach-access-key");
  const timestamp = header(request, "ach-access-timestamp");
  const signature = header(request, "ach-access-sign");
  if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - nowMs) > timestampWindowMs) {
    throw new Refusal("200005");
  }
  if (presentedKey !== accessKey) throw new Refusal("300002");
  const method = request.method === "GET" ? "GET" : "POST";
  const expected = sign(key, timestamp, method, request.path, request.body);
  if (!isSameSignature(signature, expected)) throw new Refusal("200006");
  const contentType = request.headers["content-type"] ?? "";
  if (method === "POST" && !/^application\/json(?:;|$)/i.test(contentType)) throw new Refusal("200003");
}

/**
 * The end user's address. Source: Prepaidify, Things Need To Know: mandatory.
 * Throws a {@link Refusal} when it is missing or no address.
 */
export function emailOf(request: Arrived): string {
  const email = header(request, "email");
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Refusal("200002");
  return email;
}

/**
 * The body as an object. The provider may sign what it received or its own canonical form of it; the sandbox takes a
 * body for which both are the same and refuses any other as wrongly signed. Throws a {@link Refusal}.
 */
export function bodyOf(request: Arrived): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.body);
  } catch {
    throw new Refusal("200004");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Refusal("200004");
  if (canonicalForm(parsed as { readonly [member: string]: JsonValue }) !== request.body) throw new Refusal("200006");
  return parsed as Readonly<Record<string, unknown>>;
}

function canonicalForm(value: { readonly [member: string]: JsonValue }): string | null {
  try {
    return canonicalJson(value);
  } catch {
    // Nested too deeply to be walked through.
    return null;
  }
}

function header(request: Arrived, name: string): string {
  const value = request.headers[name];
  if (typeof value !== "string" || value === "") throw new Refusal("200001");
  return value;
}
