import { type Kysely, type Selectable, sql } from "kysely";
import type { ApiKeyRecord, ApiKeyStore, NewApiKey } from "../domain/api-key.js";
import { isScope } from "../domain/scope.js";
import { param, Statement } from "./statement.js";
import type { ApiKeysTable, Tables } from "./tables.js";

type ApiKeyRow = Selectable<ApiKeysTable>;

const INSERT = new Statement<never>((db) =>
  db.insertInto("api_keys").values({
    id: param("id"),
    tenant: param("tenant"),
    label: param("label"),
    scopes: param("scopes"),
    secret_hash: param("secretHash"),
    expires_at: param("expiresAt"),
  }),
);

const BY_ID = new Statement<ApiKeyRow>((db) => db.selectFrom("api_keys").selectAll().where("id", "=", param("id")));

const LIST = new Statement<ApiKeyRow>((db) =>
  db.selectFrom("api_keys").selectAll().orderBy("created_at", "desc").orderBy("id").limit(param("limit")),
);

const REVOKE = new Statement<{ id: string }>((db) =>
  db
    .updateTable("api_keys")
    .set({ revoked_at: sql`now()` })
    .where("id", "=", param("id"))
    .where("revoked_at", "is", null)
    .returning("id"),
);

/** {@link ApiKeyStore} over SQL. */
export class SqlApiKeyStore implements ApiKeyStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async create({ scopes, secretHash, ...key }: NewApiKey): Promise<void> {
    await INSERT.run(this.#db, { ...key, scopes: scopes.join(" "), secretHash: secretHash.toString("hex") });
  }

  async byId(id: string): Promise<ApiKeyRecord | null> {
    const row = await BY_ID.first(this.#db, { id });
    return row && toRecord(row);
  }

  async list(limit: number): Promise<readonly ApiKeyRecord[]> {
    return (await LIST.run(this.#db, { limit })).map(toRecord);
  }

  async revoke(id: string): Promise<boolean> {
    return (await REVOKE.first(this.#db, { id })) !== null;
  }
}

function toRecord(row: ApiKeyRow): ApiKeyRecord {
  return {
    id: row.id,
    tenant: row.tenant,
    label: row.label,
    scopes: row.scopes.split(" ").filter(isScope),
    secretHash: Buffer.from(row.secret_hash, "hex"),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
