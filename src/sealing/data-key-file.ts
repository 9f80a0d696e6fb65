import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DataKeysError } from "../domain/data-keys.js";
import { type DataKey, readDataKey } from "./data-key.js";
import { keep, textOf } from "./secret-file.js";

/** Name of the file in the data folder that keeps a data key which was made here. */
export const DATA_KEY_FILE = "data-key";

const KEY_BYTES = 32;
const ID_BYTES = 4;

/**
 * The data key of a data folder, readable by the owner only; null: there is none. Throws {@link DataKeysError} when the
 * file holds anything else: without that key nothing that it sealed can ever be read again, so it is not replaced.
 */
export async function keptDataKey(dataDir: string): Promise<DataKey | null> {
  const text = await textOf(join(dataDir, DATA_KEY_FILE));
  if (text === null) return null;
  const key = readDataKey(text);
  if (!key) throw new DataKeysError(`${DATA_KEY_FILE} in DATA_DIR does not hold id:base64 of 32 bytes.`);
  return key;
}

/** Makes a data key for a folder that has none. */
export async function makeDataKey(dataDir: string): Promise<DataKey> {
  const text = `local-${randomBytes(ID_BYTES).toString("hex")}:${randomBytes(KEY_BYTES).toString("base64")}`;
  await keep(join(dataDir, DATA_KEY_FILE), text);
  // Stryker disable next-line all: it was just written in that form
  return readDataKey(text) as DataKey;
}
