import { type Kysely, sql } from "kysely";
import type { OrderView } from "../domain/order-store.js";
import { countsAsSpent } from "../domain/spending.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** As migration 0006 names it. */
const WITHIN_LIMIT = "tenant_spending_within_limit";

/**
 * Gives an order's amount back to the day that it was placed in, or takes it again. Taking it again is never refused:
 * the money is gone, whatever the limit says, and the next order finds the day as it is.
 */
const RECOUNT = new Statement(
  inSql(sql`
    with recounted as (
      update card_orders set spend_counted = ${param("counts")}::boolean
      where id = ${param("id")} and spend_counted = not ${param("counts")}::boolean
      returning tenant, mode, (created_at at time zone 'UTC')::date as day, deposit_minor
    )
    update tenant_spending set
      ordered_minor = ordered_minor
        + case when ${param("counts")}::boolean then recounted.deposit_minor else -recounted.deposit_minor end,
      limit_minor = null
    from recounted
    where tenant_spending.tenant = recounted.tenant and tenant_spending.mode = recounted.mode
      and tenant_spending.day = recounted.day
  `),
);

/**
 * Counts an order anew after it has moved, in the transaction that moved it and as the last thing there: whoever holds
 * the row of a tenant's day waits for nothing else, so no two can wait for each other.
 */
export async function recount(trx: Kysely<Tables>, counted: boolean | null, { order, card }: OrderView): Promise<void> {
  const counts = countsAsSpent(order.state, card?.status ?? null);
  if (counted !== null && counted !== counts) await RECOUNT.run(trx, { id: order.id, counts });
}

/** Whether the database refused an order for its tenant's limit. */
export function isBeyondLimit(error: unknown): boolean {
  return error instanceof Error && (error as { constraint?: unknown }).constraint === WITHIN_LIMIT;
}
