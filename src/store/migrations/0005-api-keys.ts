import { type Kysely, sql } from "kysely";

/** API keys by the part of them that is no secret; of the rest a hash. */
const STATEMENTS = [
  `create table api_keys (
    id text primary key,
    tenant text not null,
    label text not null,
    scopes text not null,
    secret_hash text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
  )`,
];

/** Forward only: there is no way back, so no `down`. */
export const apiKeys = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
