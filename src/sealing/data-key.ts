import { Secret } from "../domain/secret.js";

const KEY_BYTES = 32;
const KEY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

/** A key that personal data are sealed with. */
export interface DataKey {
  /** 1 to 32 letters, digits, `_` and `-`; no secret, it stands in every row. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Secret<Buffer>;
}

/** Reads `id:base64` of 32 bytes; null for anything else. */
export function readDataKey(text: string): DataKey | null {
  const [, id = "", base64 = ""] = KEY.exec(text) ?? [];
  const bytes = Buffer.from(base64, "base64");
  // Node's decoder skips what it does not know; written back, only a clean text is the same.
  if (bytes.length !== KEY_BYTES || bytes.toString("base64") !== base64) return null;
  return { id, bytes: new Secret(bytes) };
}

/** Whether a text is a data key. */
export function isDataKey(text: string): boolean {
  return readDataKey(text) !== null;
}
