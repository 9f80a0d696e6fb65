import { CompactEncrypt, type CryptoKey, calculateJwkThumbprint, importJWK } from "jose";
import type { Recipient, RecipientReader, RecipientRefusal } from "../domain/recipient.js";
import { Secret } from "../domain/secret.js";
import { isPrivate, readPublicKey } from "./public-key.js";

const ALGORITHM = "ECDH-ES";
const ENCRYPTION = "A256GCM";
const TEXT = new TextEncoder();

/**
 * Seals JSON to callers' keys: a compact JWE (RFC 7516) by ECDH-ES with a key of its own for each, and A256GCM. Keys
 * come as JWKs of the kinds EC P-256 and OKP X25519; no address that stands in one is ever looked at.
 */
export class JweSealer implements RecipientReader {
  async read(keyText: string): Promise<Recipient | RecipientRefusal> {
    const given = parseObject(keyText);
    if (given === null) return "unusable";
    if (isPrivate(given)) return "private";
    const publicKey = readPublicKey(given);
    if (publicKey === null) return "unusable";
    try {
      const key = (await importJWK({ ...publicKey }, ALGORITHM)) as CryptoKey;
      // A point of small order is imported all the same, and nothing can be sealed to it.
      await seal(key, new Secret({}));
      const thumbprint = await calculateJwkThumbprint({ ...publicKey });
      return { thumbprint, seal: (content) => seal(key, content) };
    } catch {
      return "unusable";
    }
  }
}

async function seal(key: CryptoKey, content: Secret<object>): Promise<string> {
  return new CompactEncrypt(TEXT.encode(JSON.stringify(content.reveal())))
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, cty: "application/json" })
    .encrypt(key);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
