import type { Config } from "./config.js";
import type { DataSealing } from "./domain/data-keys.js";
import type { DataKey } from "./sealing/data-key.js";
import { keptDataKey, makeDataKey } from "./sealing/data-key-file.js";
import { unlockData } from "./sealing/unlock.js";
import { SqlDataKeyStore } from "./store/data-keys.js";
import type { Database } from "./store/database.js";

/**
 * Unlocks the personal data of a database with the keys of the configuration and of the data folder: a part of `app.ts`
 * in a file of its own. Throws `DataKeysError` when they are not the right ones; then the database is closed.
 */
export async function openSealing(config: Config, database: Database): Promise<DataSealing> {
  try {
    return await unlockData(await keysOf(config), new SqlDataKeyStore(database.db));
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A key that the folder has made opens what it sealed, also after others were configured. */
async function keysOf({ dataKeys: given, database }: Config): Promise<readonly DataKey[]> {
  if (database.kind === "postgres") return given;
  const kept = await keptDataKey(database.dataDir);
  if (kept) return given.some(({ id }) => id === kept.id) ? given : [...given, kept];
  return given.length > 0 ? given : [await makeDataKey(database.dataDir)];
}
