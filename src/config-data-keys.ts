import type { EnvironmentReader } from "./environment.js";
import { type DataKey, isDataKey, readDataKey } from "./sealing/data-key.js";

/** What decides whether personal data may lie unsealed. */
export interface DataKeysContext {
  readonly onPostgres: boolean;
  readonly production: boolean;
  readonly allSandbox: boolean;
}

/**
 * The keys of personal data, the sealing one first. The embedded database makes one for itself; processes that share a
 * PostgreSQL have no folder in common, so there the operator gives it, and real people are not served without in
 * production.
 */
export function readDataKeys(reader: EnvironmentReader, context: DataKeysContext): readonly DataKey[] {
  const texts = reader.list("DATA_KEYS", isDataKey, "must be id:base64 of 32 bytes each, ids of [A-Za-z0-9_-]{1,32}");
  const keys = texts.flatMap((text) => readDataKey(text) ?? []);
  if (new Set(keys.map(({ id }) => id)).size < keys.length) reader.fault("DATA_KEYS", "must not hold an id twice");
  const { onPostgres, production, allSandbox } = context;
  if (!reader.env.DATA_KEYS && onPostgres && production && !allSandbox) {
    reader.fault("DATA_KEYS", "is required with DATABASE_URL in production once a provider has a real account");
  }
  return keys;
}
