/** A public key, with nothing in it but the key itself. */
export type PublicKey =
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: "X25519"; readonly x: string };

/** Members of a JWK that only its owner may know: of elliptic curves, of RSA, of shared secrets (RFC 7518). */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** 32 bytes, base64url without padding. */
const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** What may stand in a JWK besides the key, and what it may say. */
const BESIDES: Readonly<Record<string, (value: unknown) => boolean>> = {
  use: (value) => value === "enc",
  alg: (value) => value === "ECDH-ES",
  kid: (value) => typeof value === "string",
  ext: (value) => typeof value === "boolean",
  // Of a public key that secrets are agreed upon with, WebCrypto exports the empty list.
  key_ops: (value) => Array.isArray(value) && value.length === 0,
};

/** Whether a JWK holds what its owner should have kept. */
export function isPrivate(jwk: Readonly<Record<string, unknown>>): boolean {
  return PRIVATE.some((name) => name in jwk);
}

/** The public key of a JWK; null when it is of another kind, not well-formed, or says more than a key has to. */
export function readPublicKey(jwk: Readonly<Record<string, unknown>>): PublicKey | null {
  const { kty, crv, x, y, ...besides } = jwk;
  const fits = Object.entries(besides).every(([name, value]) => Object.hasOwn(BESIDES, name) && BESIDES[name]?.(value));
  if (!fits || !isCoordinate(x)) return null;
  if (kty === "EC" && crv === "P-256" && isCoordinate(y)) return { kty, crv, x, y };
  return kty === "OKP" && crv === "X25519" && !("y" in jwk) ? { kty, crv, x } : null;
}

function isCoordinate(value: unknown): value is string {
  return typeof value === "string" && COORDINATE.test(value);
}
