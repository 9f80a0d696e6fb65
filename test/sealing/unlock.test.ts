import { describe, expect, it } from "vitest";
import { type DataKeyStore, DataKeysError, type RegisteredKey } from "../../src/domain/data-keys.js";
import { fingerprint } from "../../src/domain/fingerprint.js";
import { unlockData } from "../../src/sealing/unlock.js";
import { dataKey } from "../support/data-keys.js";

const INPUT = { cardRangeId: "100", email: "planted@person.example" };

/** Keys that are registered, in memory, and those that rows are sealed under. */
function storeWith(...inUse: readonly string[]): DataKeyStore & { readonly keys: RegisteredKey[] } {
  const keys: RegisteredKey[] = [];
  return {
    keys,
    register: async (decide) => {
      const added = decide([...keys]);
      if (added) keys.push(added);
      return [...keys];
    },
    isInUse: async (id) => inUse.includes(id),
  };
}

const unlock = (store: DataKeyStore, ...ids: readonly string[]) => unlockData(ids.map(dataKey), store);

describe("the keys of a database", () => {
  it("are registered when they first seal, once", async () => {
    const store = storeWith();
    expect(await unlock(store, "k1")).toMatchObject({ firstKeyId: "k1" });
    await unlock(store, "k1");
    await unlock(store, "k2", "k1");
    await unlock(store, "k1", "k2");
    expect(store.keys.map(({ id }) => id)).toEqual(["k1", "k2"]);
  });

  it("keep one key of fingerprints through every rotation, so that replays go on being known", async () => {
    const store = storeWith();
    const kept = (await unlock(store, "k1")).fingerprints.of(INPUT);
    const rotated = await unlock(store, "k2", "k1");
    store.keys.splice(0, 1);
    const later = await unlock(store, "k2");
    for (const { fingerprints } of [rotated, later]) {
      expect(fingerprints.matches(kept, INPUT)).toBe(true);
      expect(fingerprints.matches(kept, { ...INPUT, email: null })).toBe(false);
      expect(fingerprints.of(INPUT)).toBe(kept);
    }
  });

  it("make fingerprints that cannot be guessed at, and still know those of before", async () => {
    const [{ fingerprints, keyedFingerprint }, other] = [
      await unlock(storeWith(), "k1"),
      await unlock(storeWith(), "k1"),
    ];
    const plain = fingerprint(INPUT);
    expect(fingerprints.of(INPUT)).not.toContain(plain);
    expect(other.fingerprints.of(INPUT)).not.toBe(fingerprints.of(INPUT));
    expect(fingerprints.matches(plain, INPUT)).toBe(true);
    expect(keyedFingerprint(plain)).toBe(fingerprints.of(INPUT));
    expect(keyedFingerprint(fingerprints.of(INPUT))).toBe(fingerprints.of(INPUT));
  });

  it("may be none, where nothing was ever sealed", async () => {
    const { firstKeyId, fingerprints } = await unlock(storeWith());
    expect(firstKeyId).toBeNull();
    expect(fingerprints.of(INPUT)).toBe(fingerprint(INPUT));
  });
});

describe("wrong keys", () => {
  const refusal = async (store: DataKeyStore, ...ids: readonly string[]): Promise<string> => {
    const error: unknown = await unlock(store, ...ids).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataKeysError);
    return String(error);
  };

  it("are refused by id when one that rows are sealed under is missing", async () => {
    const store = storeWith("k1");
    await unlock(store, "k1");
    await unlock(store, "k2", "k1");
    expect(await refusal(store, "k2")).toMatch(/sealed under data key k1, which is not in DATA_KEYS/);
    expect(await refusal(store)).toMatch(/sealed under data key k1, k2, which is not in DATA_KEYS/);
    expect(await refusal(store, "k3")).toMatch(/k1, k2/);
    expect(store.keys.map(({ id }) => id)).toEqual(["k1", "k2"]);
  });

  it("are refused by id when one is another key than it was", async () => {
    const store = storeWith("k1");
    await unlock(store, "k1");
    const swapped = unlockData([{ ...dataKey("other"), id: "k1" }], store);
    await expect(swapped).rejects.toThrow(/Data key k1 is not the one that has sealed/);
  });

  it("are none when nothing is sealed under the missing one any more", async () => {
    const store = storeWith("k2");
    await unlock(store, "k1");
    await unlock(store, "k2", "k1");
    expect(await unlock(store, "k2")).toMatchObject({ firstKeyId: "k2" });
  });
});
