import { createPrivateKey, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { type RsaPadding, rsaOptions } from "./crypto.js";

/** A key as read, or the rule that its text breaks. The rule never repeats the text. */
export type KeyReading = { readonly ok: true; readonly key: KeyObject } | { readonly ok: false; readonly rule: string };

/** Source: Pagsmile, Security ("2048 bit"). Shorter keys are not safe anywhere. */
const MIN_KEY_BITS = 2048;

/** A key file is some 2 KB; anything much larger is not one. */
const MAX_FILE_BYTES = 65_536;

/** Base64 of DER always begins so for a key of this size, which tells it from a file's path. */
const BARE_BASE64 = /^MI[A-Za-z0-9+/\s]{200,}={0,2}$/;

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

const FORMS = "PEM text, bare base64 or a file's path";

/** Reads the provider's public key (SPKI or PKCS#1). A private key in its place is refused: it would be ours. */
export function readPublicKey(text: string): KeyReading {
  const source = keySource(text);
  if (source === null) return refuse(`must be an RSA public key: ${FORMS}`);
  if (attempt(() => privateKeyFrom(source)) !== null) return refuse("must be Pagsmile's public key, not a private key");
  const key = attempt(() => publicKeyFrom(source));
  return key === null ? refuse(`must be an RSA public key: ${FORMS}`) : checkStrength(key);
}

/** Reads our own private key (PKCS#8 or PKCS#1), unencrypted. */
export function readPrivateKey(text: string): KeyReading {
  const source = keySource(text);
  const key = source === null ? null : attempt(() => privateKeyFrom(source));
  return key === null ? refuse(`must be an unencrypted RSA private key: ${FORMS}`) : checkStrength(key);
}

/** True when `publicKey` is the public half of `privateKey`: the two sides' keys have been confused. */
export function isPair(publicKey: KeyObject, privateKey: KeyObject): boolean {
  return createPublicKey(privateKey).equals(publicKey);
}

/**
 * Whether this Node can decrypt with the key and padding at all. A Node whose OpenSSL lacks implicit rejection refuses
 * PKCS#1 v1.5 (CVE-2023-46809); better to learn that at start-up than from the first answer.
 */
export function canDecrypt(privateKey: KeyObject, padding: RsaPadding, decrypt = privateDecrypt): boolean {
  const probe = Buffer.from("0123456789ABCDEF");
  const sealed = publicEncrypt({ key: createPublicKey(privateKey), ...rsaOptions(padding) }, probe);
  return attempt(() => decrypt({ key: privateKey, ...rsaOptions(padding) }, sealed))?.equals(probe) === true;
}

/** PEM with its lines restored, or DER. */
type KeySource = { readonly pem: string } | { readonly der: Buffer };

function keySource(text: string): KeySource | null {
  return parseText(text) ?? parseText(readKeyFile(text));
}

function parseText(text: string): KeySource | null {
  // Environment files often hold PEM on one line, with `\n` spelt out or with spaces for the line breaks.
  const unescaped = text.replaceAll("\\n", "\n").trim();
  const pem = PEM.exec(unescaped);
  if (pem !== null) {
    const lines = (pem[2] ?? "").replace(/\s/g, "").replace(/.{64}/g, "$&\n");
    return { pem: `-----BEGIN ${pem[1]}-----\n${lines}\n-----END ${pem[1]}-----\n` };
  }
  return BARE_BASE64.test(unescaped) ? { der: Buffer.from(unescaped, "base64") } : null;
}

function readKeyFile(path: string): string {
  const read = (): string => {
    const { size } = statSync(path, { throwIfNoEntry: true });
    return size <= MAX_FILE_BYTES && statSync(path).isFile() ? readFileSync(path, "utf8") : "";
  };
  return path.includes("-----") ? "" : (attempt(read) ?? "");
}

function privateKeyFrom(source: KeySource): KeyObject {
  if ("pem" in source) return createPrivateKey(source.pem);
  return (
    attempt(() => createPrivateKey({ key: source.der, format: "der", type: "pkcs8" })) ??
    createPrivateKey({ key: source.der, format: "der", type: "pkcs1" })
  );
}

function publicKeyFrom(source: KeySource): KeyObject {
  if ("pem" in source) return createPublicKey(source.pem);
  return (
    attempt(() => createPublicKey({ key: source.der, format: "der", type: "spki" })) ??
    createPublicKey({ key: source.der, format: "der", type: "pkcs1" })
  );
}

function checkStrength(key: KeyObject): KeyReading {
  if (key.asymmetricKeyType !== "rsa") return refuse("must be an RSA key");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < MIN_KEY_BITS ? refuse(`must be an RSA key of at least ${MIN_KEY_BITS} bits`) : { ok: true, key };
}

function refuse(rule: string): KeyReading {
  return { ok: false, rule };
}

/** The result, or null when it throws: errors about keys may quote them, so they end here. */
function attempt<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch {
    return null;
  }
}
