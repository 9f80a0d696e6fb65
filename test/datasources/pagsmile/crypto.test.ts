import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, drawSecret, openText, sealText, wrapSecret } from "../../../src/datasources/pagsmile/crypto.js";

const SECRET = "0123456789ABCDEF";
const IV = "FEDCBA9876543210";
const PLAIN = '{"card_token":"450620141926"}';
/** Computed with Java 17, `AES/CBC/PKCS5Padding`, and written down in the integration reference. */
const SEALED = "FEDCBA9876543210dJ7YnpKWuFQt6dDfftg4Or53ryCzGqNLfHI4pAnFRRA=";

const secretBytes = Buffer.from(SECRET);

describe("the business object's encryption", () => {
  it("agrees with the vector computed in Java, in both directions", () => {
    expect(sealText(PLAIN, SECRET, IV)).toBe(SEALED);
    expect(openText(SEALED, secretBytes)).toBe(PLAIN);
  });

  it("is the vector's characters in clear, then AES-128-CBC with PKCS#7 padding, undone here by hand", () => {
    const text = "Zoë Ångström 王";
    const sealed = sealText(text, SECRET, IV);
    expect(sealed.slice(0, 16)).toBe(IV);
    const decipher = createDecipheriv("aes-128-cbc", secretBytes, Buffer.from(IV)).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(Buffer.from(sealed.slice(16), "base64")), decipher.final()]);
    const padding = padded.at(-1) ?? 0;
    expect([...padded.subarray(-padding)]).toEqual(Array(padding).fill(padding));
    expect(padded.subarray(0, -padding).toString("utf8")).toBe(text);
  });

  it("gives any text back", () => {
    const secret = fc.string({ unit: fc.constantFrom(..."abcXYZ019"), minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), secret, secret, (text, key, iv) => {
        expect(openText(sealText(text, key, iv), Buffer.from(key))).toBe(text);
      }),
    );
  });

  it.each([
    ["empty", ""],
    ["only a vector", IV],
    ["cut inside the vector", SEALED.slice(0, 10)],
    ["cut inside the ciphertext", SEALED.slice(0, -8)],
    ["not base64", `${SEALED.slice(0, -4)}!!!!`],
    ["another vector's bytes in its last block", `${SEALED.slice(0, -8)}AAAAAAA=`],
  ])("refuses text that is %s", (_what, text) => {
    expect(() => openText(text, secretBytes)).toThrow();
  });

  it("refuses a key that is not 16 bytes, and bytes that are not UTF-8", () => {
    expect(() => openText(SEALED, secretBytes.subarray(1))).toThrow();
    const vectorThatSpoilsTheFirstByte = String.fromCharCode(IV.charCodeAt(0) ^ 0x80) + IV.slice(1);
    expect(() => openText(vectorThatSpoilsTheFirstByte + SEALED.slice(16), secretBytes)).toThrow();
  });
});

describe("a drawn secret", () => {
  it("is 16 characters of [A-Za-z0-9], fresh each time", () => {
    const drawn = Array.from({ length: 200 }, () => drawSecret(randomBytes));
    for (const secret of drawn) expect(secret).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(new Set(drawn).size).toBe(200);
  });

  it("makes every character equally likely: each comes from four bytes, and eight bytes are drawn again", () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      // The byte under test first; where it is drawn again, zeros follow and the first character is "A" all the same.
      let draws = 0;
      const random = (size: number): Uint8Array => Buffer.alloc(size, draws++ === 0 ? byte : 0);
      const secret = drawSecret(random);
      const key = draws === 1 ? (secret[0] ?? "") : "again";
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.get("again")).toBe(8);
    expect(counts.size).toBe(63);
    counts.delete("again");
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });
});

describe("the message key", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

  it("is padded as PKCS#1 v1.5 prescribes, seen on the raw RSA result", () => {
    const wrapped = wrapSecret(SECRET, publicKey, "pkcs1");
    expect(wrapped).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    const raw = { key: privateKey, padding: constants.RSA_NO_PADDING };
    const block = privateDecrypt(raw, Buffer.from(wrapped, "base64"));
    expect([...block.subarray(0, 2)]).toEqual([0, 2]);
    const end = block.indexOf(0, 2);
    expect(end).toBe(256 - 17);
    expect(block.subarray(end + 1).toString("ascii")).toBe(SECRET);
  });

  it("is padded as OAEP with SHA-1 where that is configured", () => {
    const wrapped = Buffer.from(wrapSecret(SECRET, publicKey, "oaep"), "base64");
    const oaep = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" };
    expect(privateDecrypt(oaep, wrapped).toString("ascii")).toBe(SECRET);
  });
});

describe("base64", () => {
  it("is taken with the line breaks that some encoders add", () => {
    expect(decodeBase64("AAEC\r\nAwQ=\n")).toEqual(Buffer.from([0, 1, 2, 3, 4]));
  });

  it.each(["", "AAE", "AA E", "AA-_", "A===", "AAAA====", "AAE=AAE="])("is refused when it reads %j", (text) => {
    expect(() => decodeBase64(text)).toThrow("not base64");
  });
});
