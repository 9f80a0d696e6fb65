import { type Kysely, sql } from "kysely";

/**
 * One index entry a row for each way into a list: by provider and state, and for one customer by the same. A list that
 * leaves one of these open walks each of its few values, so no combination of filters needs an index of its own, and
 * none reads rows that it does not show. The list of all cards keeps an index, as the one that is read most; that of
 * all orders does without, for the sake of those who write them.
 *
 * Each way has a collation of its own, and all of them compare bytewise. An index gives only the order of its own, so a
 * walk can take no other index than the one that was made for it: the planner's guess of how soon another one would
 * meet enough rows that fit is wrong for whatever is rare of late.
 */
const STATEMENTS = [
  `create collation listed from "C"`,
  `create collation listed_narrowed from "C"`,
  `create collation listed_of_customer from "C"`,
  "drop index cards_newest",
  "drop index cards_of_customer",
  "drop index cards_by_status",
  "create index cards_listed on cards (tenant, id collate listed desc)",
  "create index cards_listed_narrowed on cards (tenant, provider, status, id collate listed_narrowed desc)",
  `create index cards_listed_of_customer on cards
    (tenant, customer_id, provider, status, id collate listed_of_customer desc) where customer_id is not null`,
  `create index card_orders_listed_narrowed on card_orders
    (tenant, provider, state, id collate listed_narrowed desc)`,
  `create index card_orders_listed_of_customer on card_orders
    (tenant, customer_id, provider, state, id collate listed_of_customer desc) where customer_id is not null`,
  `create index card_contacts_listed_narrowed on card_contacts (tenant, provider, id collate listed_narrowed desc)
    where state = 'COMPLETED'`,
];

/** Forward only: there is no way back, so no `down`. */
export const lists = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
