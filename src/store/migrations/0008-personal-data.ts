import { type Kysely, sql } from "kysely";

/**
 * Personal data of a row as one text, sealed where there are keys: `personal`. The columns that it takes the place of
 * are still read where rows of before have them, and are not written any more. `erased_at` is a tombstone: nothing
 * personal comes back to an order that has it. Of each key that has sealed anything there is a row in `data_keys`,
 * which only that key opens: so a server that lacks one finds out when it starts.
 */
const STATEMENTS = [
  "alter table card_orders add column personal text, add column erased_at timestamptz",
  "alter table card_holders add column personal text",
  `alter table card_contacts
    add column personal text,
    alter column first_name drop not null,
    alter column last_name drop not null,
    alter column mobile drop not null,
    alter column email drop not null`,
  `create table data_keys (
    id text primary key,
    wrapped text not null,
    created_at timestamptz not null default now()
  )`,
];

/** Forward only: there is no way back, so no `down`. */
export const personalData = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
