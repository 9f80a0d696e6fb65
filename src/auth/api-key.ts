import { createHash, randomBytes } from "node:crypto";
import { Secret } from "../domain/secret.js";

/** 72 bits: ids of keys never meet. They are no secret. */
const ID_BYTES = 9;
/** 256 bits: nobody guesses one, so one round of a hash is enough to keep it. */
const SECRET_BYTES = 32;
const API_KEY = /^cgk_([A-Za-z0-9_-]{12})_([A-Za-z0-9_-]{43})$/;

/** An API key as its holder has it, taken apart. */
export interface ApiKeyParts {
  readonly id: string;
  /** SHA-256 of the secret part. */
  readonly secretHash: Buffer;
}

/** A new key: the text for its holder, to be shown once, and what is kept of it. */
export function newApiKey(): ApiKeyParts & { readonly text: Secret<string> } {
  const id = randomBytes(ID_BYTES).toString("base64url");
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  return { id, secretHash: hashOf(secret), text: new Secret(`cgk_${id}_${secret}`) };
}

/** Takes a key apart; null when the text is none. */
export function readApiKey(text: string): ApiKeyParts | null {
  const [, id, secret] = API_KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secretHash: hashOf(secret) };
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
