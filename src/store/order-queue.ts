import { type Kysely, type Selectable, sql } from "kysely";
import type { OrderId } from "../domain/ids.js";
import type { DueOrder, OrderQueue } from "../domain/order-store.js";
import { toOrder } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { CardOrdersTable, Tables } from "./tables.js";

type DueRow = Selectable<CardOrdersTable> & {
  readonly card_id: string | null;
  readonly known_card: string | null;
  readonly claimed_card: string | null;
  readonly waited_ms: number;
  readonly claim: string;
};

const MILLISECOND = sql`interval '1 millisecond'`;

/** {@link OrderQueue} over SQL: the order row is the job, the database's clock says when it is due. */
export class SqlOrderQueue implements OrderQueue {
  readonly #db: Kysely<Tables>;

  readonly #claimDue = new Statement<DueRow>((db) =>
    db
      .with("due", (with_) =>
        with_
          .selectFrom("card_orders")
          .select("id")
          .where("next_at", "<=", sql<Date>`now()`)
          .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", sql<Date>`now()`)]))
          .orderBy("next_at")
          .limit(param("limit"))
          .forUpdate()
          .skipLocked(),
      )
      .updateTable("card_orders")
      .from("due")
      .whereRef("card_orders.id", "=", "due.id")
      .set({
        lease_until: sql<Date>`now() + ${param("leaseMs")}::float8 * ${MILLISECOND}`,
        attempts: sql<number>`attempts + 1`,
      })
      .returningAll("card_orders")
      .returning((select) => [
        select.selectFrom("cards").select("cards.id").whereRef("cards.order_id", "=", "card_orders.id").as("card_id"),
        select
          .selectFrom("cards")
          .select("cards.provider_card_id")
          .whereRef("cards.order_id", "=", "card_orders.id")
          .as("known_card"),
        select
          .selectFrom("inbox")
          .select("inbox.provider_card_id")
          .whereRef("inbox.order_id", "=", "card_orders.id")
          .where("inbox.provider_card_id", "is not", null)
          .where("inbox.verdict", "is", null)
          .orderBy("inbox.id")
          .limit(1)
          .as("claimed_card"),
        sql<number>`(extract(epoch from now() - moved_at) * 1000)::float8`.as("waited_ms"),
        sql<string>`lease_until::text`.as("claim"),
      ]),
  );

  /**
   * A callback that came meanwhile has set `attempts` back and made the order due: that stands. So does the claim of
   * somebody who took the order up after it had moved.
   */
  readonly #reschedule = new Statement<never>((db) =>
    db
      .updateTable("card_orders")
      .set({
        next_at: sql<Date>`case when attempts = ${param("attempts")}::integer
          then now() + ${param("delayMs")}::float8 * ${MILLISECOND} else next_at end`,
        lease_until: null,
      })
      .where("id", "=", param("id"))
      .where(sql<boolean>`(lease_until is null or lease_until::text = ${param("claim")}::text)`),
  );

  /** Once one claim is believed the order has its card, so every other claim is not. */
  readonly #judgeClaim = new Statement<never>((db) =>
    db
      .updateTable("inbox")
      .set({
        verdict: sql<string>`case when ${param("believed")}::boolean
          and provider_card_id = ${param("providerCardId")}::text
          then 'BELIEVED' else 'NOT_BELIEVED' end`,
      })
      .where("order_id", "=", param("id"))
      .where("verdict", "is", null)
      .where(sql<boolean>`(${param("believed")}::boolean or provider_card_id = ${param("providerCardId")}::text)`),
  );

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async claimDue(limit: number, leaseMs: number): Promise<readonly DueOrder[]> {
    const rows = await this.#claimDue.run(this.#db, { limit, leaseMs });
    return rows.map((row) => ({
      order: toOrder(row),
      providerCardId: row.known_card ?? row.claimed_card,
      claimed: row.known_card === null && row.claimed_card !== null,
      attempts: row.attempts,
      waitedMs: row.waited_ms,
      claim: row.claim,
    }));
  }

  async reschedule(due: DueOrder, delayMs: number | null): Promise<void> {
    await this.#reschedule.run(this.#db, { id: due.order.id, attempts: due.attempts, claim: due.claim, delayMs });
  }

  async judgeClaim(id: OrderId, providerCardId: string, believed: boolean): Promise<void> {
    await this.#judgeClaim.run(this.#db, { id, providerCardId, believed });
  }
}
