import { type Kysely, sql } from "kysely";

/**
 * What each tenant has ordered in each UTC day, sandbox and real accounts apart. The bound stands beside the sum, so
 * that the database itself refuses the order that goes beyond it, whichever server commits it and however many do at
 * once. `spend_counted` is null for an order that was placed while there was no limit, and false once it gave its
 * amount back.
 */
const STATEMENTS = [
  `create table tenant_spending (
    tenant text not null,
    mode text not null,
    day date not null,
    ordered_minor bigint not null check (ordered_minor >= 0),
    limit_minor bigint,
    primary key (tenant, mode, day),
    constraint tenant_spending_within_limit check (ordered_minor <= limit_minor)
  )`,
  "alter table card_orders add column spend_counted boolean",
];

/** Forward only: there is no way back, so no `down`. */
export const spending = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
