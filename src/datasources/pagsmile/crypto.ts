import { constants, createCipheriv, createDecipheriv, type KeyObject, publicEncrypt } from "node:crypto";

/**
 * How the message key is padded before RSA. `pkcs1` is what the sample code points to; `oaep` (SHA-1, as Java's
 * `OAEPWithSHA-1AndMGF1Padding`) is the first alternative, should the live system refuse it.
 * Assumed: neither name stands in the documents. Guarded by test/datasources/pagsmile/crypto.test.ts.
 */
export const RSA_PADDINGS = ["pkcs1", "oaep"] as const;

/** One of {@link RSA_PADDINGS}. */
export type RsaPadding = (typeof RSA_PADDINGS)[number];

/** Cryptographic random bytes; a parameter, so that tests can decide them. */
export type RandomBytes = (sizeBytes: number) => Uint8Array;

/** Characters of a message key and of an initialisation vector. Source: Pagsmile, Security ("16-byte AES key"). */
export const SECRET_LENGTH = 16;

const CIPHER = "aes-128-cbc";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The largest multiple of the alphabet's size that a byte can hold; bytes from there on would favour some letters. */
const UNBIASED_BYTES = 256 - (256 % ALPHABET.length);

/**
 * Draws a message key or an initialisation vector: 16 characters of `[A-Za-z0-9]`, each equally likely (95 bits).
 * Assumed: text rather than raw bytes, because the provider's Java sample carries both as strings.
 * Guarded by test/datasources/pagsmile/crypto.test.ts.
 */
export function drawSecret(random: RandomBytes): string {
  let secret = "";
  while (secret.length < SECRET_LENGTH) {
    for (const byte of random(SECRET_LENGTH)) {
      if (byte < UNBIASED_BYTES && secret.length < SECRET_LENGTH) secret += ALPHABET[byte % ALPHABET.length];
    }
  }
  return secret;
}

/**
 * Encrypts a business object's JSON: the 16 characters of the vector in clear, then the base64 of the ciphertext.
 * Assumed: AES-128-CBC with PKCS#7 padding, key and vector taken as ASCII bytes, and this layout; the provider's
 * sample code is cut off. Guarded by test/datasources/pagsmile/crypto.test.ts (published vector, openssl).
 */
export function sealText(plaintext: string, secret: string, iv: string): string {
  const cipher = createCipheriv(CIPHER, Buffer.from(secret, "ascii"), Buffer.from(iv, "ascii"));
  return iv + cipher.update(plaintext, "utf8", "base64") + cipher.final("base64");
}

/**
 * The reverse of {@link sealText}. Throws a plain error of node:crypto or of the text decoder when key, vector,
 * base64, padding or UTF-8 are wrong; callers make one indistinct failure of all of them.
 */
export function openText(data: string, secret: Uint8Array): string {
  const iv = Buffer.from(data.slice(0, SECRET_LENGTH), "latin1");
  const decipher = createDecipheriv(CIPHER, secret, iv);
  const plain = Buffer.concat([decipher.update(decodeBase64(data.slice(SECRET_LENGTH))), decipher.final()]);
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}

/** Encrypts a message key to the receiver's public key; base64 without line breaks. */
export function wrapSecret(secret: string, publicKey: KeyObject, padding: RsaPadding): string {
  return publicEncrypt({ key: publicKey, ...rsaOptions(padding) }, Buffer.from(secret, "ascii")).toString("base64");
}

/** The padding as node:crypto's RSA functions take it. Plain data, so that it can be posted to another thread. */
export function rsaOptions(padding: RsaPadding): { readonly padding: number; readonly oaepHash?: string } {
  return padding === "oaep"
    ? { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" }
    : { padding: constants.RSA_PKCS1_PADDING };
}

/**
 * Decodes standard base64 and refuses anything else, where Node would skip it silently. Line breaks are let through:
 * some Java encoders wrap their output.
 */
export function decodeBase64(text: string): Buffer {
  const joined = text.replace(/[\r\n]/g, "");
  if (joined.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(joined)) throw new Error("not base64");
  return Buffer.from(joined, "base64");
}
