import { randomBytes } from "node:crypto";
import { type DataKeyStore, DataKeysError, type DataSealing, type RegisteredKey } from "../domain/data-keys.js";
import { PLAIN_FINGERPRINTS } from "../domain/fingerprint.js";
import { type PersonalDataVault, type SealedPlace, UNSEALED } from "../domain/personal-data.js";
import { Secret } from "../domain/secret.js";
import type { DataKey } from "./data-key.js";
import { DataVault } from "./data-vault.js";
import { KeyedFingerprints } from "./keyed-fingerprints.js";

const FINGERPRINT_KEY_BYTES = 32;

/**
 * Unlocks the personal data of a database: the first key seals, all of them open. Of every key that has sealed here the
 * database has a row that only this key opens, and in it the one key of fingerprints, which so outlives them all.
 * Throws {@link DataKeysError} when a key that rows are sealed under is missing, or is not the one that it was.
 */
export async function unlockData(keys: readonly DataKey[], store: DataKeyStore): Promise<DataSealing> {
  const [first, ...others] = keys;
  const vault = first ? new DataVault(first, others) : null;
  let fingerprintKey: Secret<Buffer> | null = null;
  const registered = await store.register((known) => {
    const ours = known.filter(({ id }) => keys.some((key) => key.id === id));
    if (!first || !vault) return null;
    const unwrapped = ours.map((key) => unwrap(vault, key));
    if (known.length > 0 && ours.length === 0) throw missing(known);
    fingerprintKey = unwrapped[0] ?? new Secret(randomBytes(FINGERPRINT_KEY_BYTES));
    if (ours.some(({ id }) => id === first.id)) return null;
    const text = fingerprintKey.reveal().toString("base64");
    return { id: first.id, wrapped: vault.seal(placeOf(first.id), { fingerprintKey: text }) };
  });
  const absent = registered.filter(({ id }) => !keys.some((key) => key.id === id));
  if (!first && absent.length > 0) throw missing(absent);
  for (const key of absent) if (await store.isInUse(key.id)) throw missing([key]);
  if (!first || !vault || !fingerprintKey) {
    return {
      vault: UNSEALED,
      fingerprints: PLAIN_FINGERPRINTS,
      keyedFingerprint: (kept) => kept,
      firstKeyId: null,
      otherKeyIds: [],
    };
  }
  const fingerprints = new KeyedFingerprints(fingerprintKey);
  return {
    vault,
    fingerprints,
    keyedFingerprint: (kept) => fingerprints.keyed(kept),
    firstKeyId: first.id,
    otherKeyIds: others.map(({ id }) => id),
  };
}

function unwrap(vault: PersonalDataVault, { id, wrapped }: RegisteredKey): Secret<Buffer> {
  try {
    const { fingerprintKey } = vault.open(placeOf(id), wrapped) as { readonly fingerprintKey: string };
    return new Secret(Buffer.from(fingerprintKey, "base64"));
  } catch {
    throw new DataKeysError(
      `Data key ${id} is not the one that has sealed personal data of this database under that id. Set it right in ` +
        "DATA_KEYS (or put DATA_DIR's own file back).",
    );
  }
}

function missing(keys: readonly RegisteredKey[]): DataKeysError {
  const ids = keys.map(({ id }) => id).join(", ");
  return new DataKeysError(
    `Personal data of this database are sealed under data key ${ids}, which is not in DATA_KEYS (nor in DATA_DIR). ` +
      "Without it they cannot be read.",
  );
}

function placeOf(id: string): SealedPlace {
  return { table: "data_keys", id, tenant: "" };
}
