import type { Fingerprints } from "./fingerprint.js";
import type { PersonalDataVault, PersonalTable } from "./personal-data.js";

/** A key that has sealed personal data of this database. */
export interface RegisteredKey {
  readonly id: string;
  /** What only this key opens. */
  readonly wrapped: string;
}

/** Which keys have sealed personal data of this database. */
export interface DataKeyStore {
  /**
   * Registers the key that `decide` answers with, unless it answers null; servers that start at the same moment do it
   * one after the other. Resolves with every key that is registered then. Rejects with what `decide` throws.
   */
  register(decide: (known: readonly RegisteredKey[]) => RegisteredKey | null): Promise<readonly RegisteredKey[]>;
  /** Whether any row is sealed under the key. Reads whole tables. */
  isInUse(id: string): Promise<boolean>;
}

/** The keys of this server are not those of its database; the message is for the operator and names ids only. */
export class DataKeysError extends Error {
  override readonly name = "DataKeysError";
}

/** What personal data of a database are sealed, opened and told apart with. */
export interface DataSealing {
  readonly vault: PersonalDataVault;
  readonly fingerprints: Fingerprints;
  /** A fingerprint that is kept, under the key of fingerprints. */
  readonly keyedFingerprint: (kept: string) => string;
  /** The key that seals; null: nothing is sealed. */
  readonly firstKeyId: string | null;
  /** Keys that only open. */
  readonly otherKeyIds: readonly string[];
}

/** How many rows of the database are sealed under a key; null: under none, in clear. */
export interface KeyUse {
  readonly keyId: string | null;
  readonly rows: number;
}

/** What came of sealing a batch of rows anew. */
export interface ResealedBatch {
  readonly resealed: number;
  /** Rows that no key opens; they stay as they are. */
  readonly unreadable: number;
  /** Where to go on; null: there was nothing more. */
  readonly last: string | null;
}

/** Seals what is stored anew, while servers run. */
export interface ResealStore {
  /**
   * Seals up to `limit` rows of a table that are not sealed under the first key, those after an id, in one commit. Rows
   * that somebody else has locked at that moment are passed over.
   */
  reseal(table: PersonalTable, after: string, limit: number): Promise<ResealedBatch>;
  /** How many rows are sealed under which key. */
  uses(): Promise<readonly KeyUse[]>;
  /** Forgets the keys that nothing is sealed under any more. Resolves with their ids, forgotten before or now. */
  forgetUnused(): Promise<readonly string[]>;
}
