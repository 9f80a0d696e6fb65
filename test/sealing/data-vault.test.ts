import { describe, expect, it } from "vitest";
import { PersonalDataUnreadable, type SealedPlace, UNSEALED } from "../../src/domain/personal-data.js";
import { DataVault } from "../../src/sealing/data-vault.js";
import { dataKey, vaultOf } from "../support/data-keys.js";

const PLACE: SealedPlace = { table: "card_orders", id: "ord_1", tenant: "tenant-a" };
const PERSON = { cardHolder: { firstName: "Zoë", lastName: "Planted" }, email: "planted@person.example" };

/** What opening comes to: the value, or why there is none. */
function opening(vault: { open(place: SealedPlace, text: string): unknown }, text: string, place = PLACE): unknown {
  try {
    return vault.open(place, text);
  } catch (error) {
    if (!(error instanceof PersonalDataUnreadable)) throw error;
    expect(error.message).not.toContain("lanted");
    return { keyId: error.keyId, reason: error.reason };
  }
}

describe("a sealed value", () => {
  const vault = vaultOf("k1");
  const text = vault.seal(PLACE, PERSON);

  it("opens in its row, and tells of nothing but its key", () => {
    expect(opening(vault, text)).toEqual(PERSON);
    expect(text).toMatch(/^v1\.k1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(text.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("lanted");
  });

  it("is another one each time", () => expect(vault.seal(PLACE, PERSON)).not.toBe(text));

  it.each([
    ["another row", { ...PLACE, id: "ord_2" }],
    ["another tenant", { ...PLACE, tenant: "tenant-b" }],
    ["another table", { ...PLACE, table: "card_contacts" as const }],
  ])("does not open when it is moved to %s", (_name, place) =>
    expect(opening(vault, text, place)).toEqual({ keyId: "k1", reason: "not_opened" }));

  it("does not open when any byte of it is changed", () => {
    const [head, bytes] = [text.slice(0, 6), Buffer.from(text.slice(6), "base64url")];
    for (const at of bytes.keys()) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(opening(vault, head + flipped.toString("base64url"))).toEqual({ keyId: "k1", reason: "not_opened" });
    }
  });

  it("does not open when it is cut, at either end or to nothing", () => {
    const [head, bytes] = [text.slice(0, 6), Buffer.from(text.slice(6), "base64url")];
    for (const left of [0, 1, 12, 15, 16, 27, 28, bytes.length - 1]) {
      expect(opening(vault, head + bytes.subarray(0, left).toString("base64url"))).toMatchObject({ keyId: "k1" });
      expect(opening(vault, head + bytes.subarray(bytes.length - left).toString("base64url"))).toMatchObject({
        keyId: "k1",
      });
    }
  });

  it("names the key that is missing", () => {
    expect(opening(vaultOf("k2"), text)).toEqual({ keyId: "k1", reason: "unknown_key" });
    expect(opening(UNSEALED, text)).toEqual({ keyId: "k1", reason: "unknown_key" });
    expect(opening(vault, "v1")).toEqual({ keyId: null, reason: "not_opened" });
  });

  it("does not open under another key of the same id", () => {
    const other = new DataVault({ ...dataKey("other"), id: "k1" });
    expect(opening(other, text)).toEqual({ keyId: "k1", reason: "not_opened" });
  });

  it("opens after a rotation, while the old key is there", () => {
    expect(opening(vaultOf("k2", "k1"), text)).toEqual(PERSON);
    expect(vaultOf("k2", "k1").seal(PLACE, PERSON)).toMatch(/^v1\.k2\./);
  });
});

describe("a value that was stored without keys", () => {
  it("is read with keys too", () => {
    const text = UNSEALED.seal(PLACE, PERSON);
    expect(opening(UNSEALED, text)).toEqual(PERSON);
    expect(opening(vaultOf("k1"), text)).toEqual(PERSON);
  });
});
