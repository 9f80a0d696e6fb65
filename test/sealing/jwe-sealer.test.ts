import { compactDecrypt, exportJWK, generateKeyPair, type JWK } from "jose";
import { describe, expect, it } from "vitest";
import type { Recipient } from "../../src/domain/recipient.js";
import { Secret } from "../../src/domain/secret.js";
import { JweSealer } from "../../src/sealing/jwe-sealer.js";

const sealer = new JweSealer();
const CONTENT = { number: "4000000000000002", cvc: "123" };

const pairOf = (crv: string) => generateKeyPair("ECDH-ES", { crv, extractable: true });
async function recipientOf(jwk: JWK): Promise<Recipient> {
  const recipient = await sealer.read(JSON.stringify(jwk));
  if (typeof recipient === "string") throw new Error(recipient);
  return recipient;
}
const p256: JWK = await exportJWK((await pairOf("P-256")).publicKey);
const x25519: JWK = await exportJWK((await pairOf("X25519")).publicKey);

describe("what is sealed to a public key", () => {
  it.each(["P-256", "X25519"])("of %s opens with its private key, and with no other", async (crv) => {
    const [mine, others] = [await pairOf(crv), await pairOf(crv)];
    const recipient = await recipientOf(await exportJWK(mine.publicKey));
    const sealed = await recipient.seal(new Secret(CONTENT));
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, mine.privateKey);
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual(CONTENT);
    expect(protectedHeader).toMatchObject({ alg: "ECDH-ES", enc: "A256GCM", cty: "application/json", epk: { crv } });
    await expect(compactDecrypt(sealed, others.privateKey)).rejects.toThrow("decryption operation failed");
    const broken = sealed.replace(/.$/, (last) => (last === "A" ? "Q" : "A"));
    await expect(compactDecrypt(broken, mine.privateKey)).rejects.toThrow();
  });

  it("is sealed with another key each time", async () => {
    const recipient = await recipientOf(p256);
    const [one, other] = [await recipient.seal(new Secret(CONTENT)), await recipient.seal(new Secret(CONTENT))];
    expect(one.split(".")[0]).not.toBe(other.split(".")[0]);
  });

  it("is sealed to a key as browsers export it, which is named by its RFC 7638 thumbprint", async () => {
    const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    const jwk = await crypto.subtle.exportKey("jwk", publicKey);
    expect(jwk).toMatchObject({ ext: true, key_ops: [] });
    expect((await recipientOf(jwk as JWK)).thumbprint).toMatch(/^[\w-]{43}$/);
  });
});

describe("a key is refused", () => {
  it.each([
    ["P-256", "P-256"],
    ["X25519", "X25519"],
  ])("as private when it is a whole pair of %s", async (_name, crv) => {
    const whole = await exportJWK((await pairOf(crv)).privateKey);
    expect(await sealer.read(JSON.stringify(whole))).toBe("private");
  });

  it.each([
    ["a shared secret", { kty: "oct", k: "c2VjcmV0" }],
    ["an RSA key with its factors", { kty: "RSA", n: "AQAB", e: "AQAB", p: "AQAB" }],
    ["a key whose private part is empty", { ...p256, d: "" }],
  ])("as private when it is %s", async (_name, jwk) => {
    expect(await sealer.read(JSON.stringify(jwk))).toBe("private");
  });

  it.each<[string, unknown]>([
    ["text", "a key"],
    ["a list", [p256]],
    ["null", null],
    ["an RSA key", { kty: "RSA", n: "AQAB", e: "AQAB" }],
    ["of another curve", { ...p256, crv: "P-384" }],
    ["of a signature curve", { ...x25519, crv: "Ed25519" }],
    ["a curve of another kind", { ...x25519, crv: "P-256" }],
    ["without its second coordinate", { kty: "EC", crv: "P-256", x: p256.x }],
    ["with a coordinate too many", { ...x25519, y: p256.y }],
    ["a point off the curve", { ...p256, x: p256.y, y: p256.x }],
    ["of small order", { kty: "OKP", crv: "X25519", x: "A".repeat(43) }],
    ["with bits to spare in a coordinate", { ...x25519, x: `${x25519.x?.slice(0, 42)}B` }],
    ["with padding", { ...x25519, x: `${x25519.x}=` }],
    ["one that says where to fetch another", { ...p256, x5u: "https://keys.example/me" }],
    ["one that says where a set is", { ...p256, jku: "https://keys.example/set" }],
    ["for signatures", { ...p256, use: "sig" }],
    ["of another method", { ...p256, alg: "ECDH-ES+A256KW" }],
    ["that is to derive keys here", { ...p256, key_ops: ["deriveKey"] }],
    ["with an inherited name", { ...p256, constructor: 1 }],
  ])("as unusable when it is %s", async (_name, jwk) => {
    expect(await sealer.read(JSON.stringify(jwk))).toBe("unusable");
  });

  it.each(["", "{", '"'])("as unusable when it is no JSON: %j", async (text) => {
    expect(await sealer.read(text)).toBe("unusable");
  });
});
