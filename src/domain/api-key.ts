import type { Scope } from "./scope.js";

/** An API key as it is kept: what it opens, and a hash; the key itself is known to its holder alone. */
export interface ApiKeyRecord {
  /** The part of the key that is no secret. */
  readonly id: string;
  readonly tenant: string;
  /** What the operator calls it. */
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret part. */
  readonly secretHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key that is about to be kept. */
export type NewApiKey = Pick<ApiKeyRecord, "id" | "tenant" | "label" | "scopes" | "secretHash" | "expiresAt">;

/** Keeps API keys. */
export interface ApiKeyStore {
  create(key: NewApiKey): Promise<void>;
  /** Null when there is none. */
  byId(id: string): Promise<ApiKeyRecord | null>;
  /** Newest first, up to `limit`, those that were revoked included. */
  list(limit: number): Promise<readonly ApiKeyRecord[]>;
  /** False when there is none, or it was revoked before. */
  revoke(id: string): Promise<boolean>;
}
