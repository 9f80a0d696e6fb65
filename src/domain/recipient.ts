import type { Secret } from "./secret.js";

/** A caller's public key, checked: what is sealed to it can be read by who holds the private key, and nobody else. */
export interface Recipient {
  /** RFC 7638 thumbprint of the key; no secret. */
  readonly thumbprint: string;
  /** The content as JSON, in a compact JWE. */
  seal(content: Secret<object>): Promise<string>;
}

/** Why a text is no key to seal to: it holds a private key, or is not a public key of a kind that is taken. */
export type RecipientRefusal = "private" | "unusable";

/** Reads callers' public keys. */
export interface RecipientReader {
  /** The key in a JWK's JSON text, or why it is none. */
  read(keyText: string): Promise<Recipient | RecipientRefusal>;
}
