import { type Kysely, sql } from "kysely";

/** Events to the address of a whole account: some name a user of the provider's, and some wait for their order. */
const STATEMENTS = [
  "alter table inbox add column provider_user_id text",
  "create index inbox_waiting on inbox (id) where order_id is null",
  `create index cards_of_provider_user on cards (provider, provider_user_id, order_id)
    where provider_user_id is not null`,
];

/** Forward only: there is no way back, so no `down`. */
export const accountEvents = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
