import { type Kysely, sql } from "kysely";

/**
 * Who did what to which order, card, contact or key. A row is written once, in the commit of what it tells where that
 * is one statement, and sealed once: a place in the chain of hashes, which nothing but the first update may give it.
 */
const STATEMENTS = [
  `create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz(3) not null default now(),
    tenant text not null,
    subject text not null,
    request_id text,
    action text not null,
    target text not null,
    outcome text not null,
    reason text,
    recipient text,
    position bigint,
    hash text
  )`,
  "create unique index audit_log_chain on audit_log (position) where position is not null",
  "create index audit_log_unsealed on audit_log (id) where position is null",
  "create index audit_log_of_target on audit_log (target, id)",
  `create trigger audit_log_append_only before delete or truncate on audit_log
    for each statement execute function refuse_change()`,
  `create function allow_sealing_once() returns trigger language plpgsql as $$ begin
    if old.position is null and new.position is not null and new.hash is not null
      and to_jsonb(new) - array['position', 'hash'] = to_jsonb(old) - array['position', 'hash']
    then return new; end if;
    raise exception 'this table is append-only';
  end $$`,
  `create trigger audit_log_sealed_once before update on audit_log
    for each row execute function allow_sealing_once()`,
];

/** Forward only: there is no way back, so no `down`. */
export const auditLog = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
