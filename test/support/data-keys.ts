import { createHash } from "node:crypto";
import { type DataKey, readDataKey } from "../../src/sealing/data-key.js";
import { DataVault } from "../../src/sealing/data-vault.js";

/** The text of a data key, always the same one for an id. */
export function dataKeyText(id: string): string {
  return `${id}:${createHash("sha256").update(id).digest("base64")}`;
}

/** A data key, always the same one for an id. */
export function dataKey(id: string): DataKey {
  const key = readDataKey(dataKeyText(id));
  if (!key) throw new Error("no data key");
  return key;
}

/** A vault that seals under the first key and opens under all. */
export function vaultOf(first: string, ...others: readonly string[]): DataVault {
  return new DataVault(dataKey(first), others.map(dataKey));
}
