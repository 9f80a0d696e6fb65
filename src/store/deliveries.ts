import { type Kysely, sql } from "kysely";
import type { CardStatus } from "../domain/card-status.js";
import {
  type DeliveryOutcome,
  type DeliveryQueue,
  type DeliveryVerdict,
  type DueDelivery,
  MAX_UNDER_WAY_PER_HOST,
} from "../domain/delivery.js";
import type { CardId, OrderId } from "../domain/ids.js";
import type { OrderState } from "../domain/order.js";
import { toFailure } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

interface DueRow {
  readonly id: string;
  readonly order_id: string;
  readonly order_no: string;
  readonly url: string;
  readonly attempts: number;
  readonly claim: string;
  readonly claimed_at: Date;
  readonly event_id: number;
  readonly to_state: string;
  readonly sends: number;
  readonly failure_code: string | null;
  readonly failure_provider_code: string | null;
  readonly failure_field: string[] | null;
  readonly card_status: string | null;
  readonly card_id: string | null;
  readonly at: Date;
}

/** Names the lock under which deliveries are claimed, among all advisory locks of the database. */
const CLAIM_LOCK = 7_237_001;
const NOW = sql<Date>`now()`;
const MILLISECOND = sql`interval '1 millisecond'`;
const LEASE_OVER = sql<boolean>`(lease_until is null or lease_until <= now())`;

/** {@link DeliveryQueue} over SQL: the row is the job, the database's clock says when it is due. */
export class SqlDeliveryQueue implements DeliveryQueue {
  readonly #db: Kysely<Tables>;

  /** One look at an index, so that an idle process does not open a transaction twice a second. */
  readonly #anyDue = new Statement<{ readonly id: string }>((db) =>
    db
      .selectFrom("deliveries")
      .select("id")
      .where("state", "=", "PENDING")
      .where("next_at", "<=", NOW)
      .where(LEASE_OVER)
      .limit(1),
  );

  /** Claims are made one after the other: two at a time would each count the host's deliveries without the other's. */
  readonly #lockClaims = new Statement<never>((db) =>
    db.selectNoFrom(sql`pg_advisory_xact_lock(${sql.lit(CLAIM_LOCK)})`.as("locked")),
  );

  readonly #claimNext = new Statement<DueRow>((db) =>
    db
      .with("busy", (with_) =>
        with_
          .selectFrom("deliveries")
          .select("host")
          .where("state", "=", "PENDING")
          .where("lease_until", ">", NOW)
          .groupBy("host")
          .having(sql<number>`count(*)`, ">=", sql.lit(MAX_UNDER_WAY_PER_HOST)),
      )
      .with("due", (with_) =>
        with_
          .selectFrom("deliveries")
          .select("id")
          .where("state", "=", "PENDING")
          .where("next_at", "<=", NOW)
          .where(LEASE_OVER)
          .where("host", "not in", (select) => select.selectFrom("busy").select("busy.host"))
          .where((where) =>
            where.not(
              where.exists(
                where
                  .selectFrom("deliveries as earlier")
                  .select("earlier.id")
                  .whereRef("earlier.order_id", "=", "deliveries.order_id")
                  .whereRef("earlier.event_id", "<", "deliveries.event_id")
                  .where("earlier.state", "=", "PENDING")
                  .where("earlier.next_at", "<=", NOW),
              ),
            ),
          )
          .orderBy("next_at")
          .orderBy("event_id")
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .updateTable("deliveries")
      .from(["due", "order_events", "card_orders"])
      .whereRef("deliveries.id", "=", "due.id")
      .whereRef("order_events.id", "=", "deliveries.event_id")
      .whereRef("card_orders.id", "=", "deliveries.order_id")
      .set({
        // Not the transaction's time: that is when it began to wait for the lock, and might be another claim's too.
        lease_until: sql<Date>`clock_timestamp() + ${param("leaseMs")}::float8 * ${MILLISECOND}`,
        attempts: sql<number>`deliveries.attempts + 1`,
      })
      .returning((select) => [
        "deliveries.id",
        "deliveries.order_id",
        "card_orders.order_no",
        "deliveries.url",
        "deliveries.attempts",
        sql<string>`deliveries.lease_until::text`.as("claim"),
        sql<Date>`clock_timestamp()`.as("claimed_at"),
        "deliveries.event_id",
        "order_events.to_state",
        "order_events.sends",
        "order_events.failure_code",
        "order_events.failure_provider_code",
        "order_events.failure_field",
        "order_events.card_status",
        select
          .selectFrom("cards")
          .select("cards.id")
          .whereRef("cards.order_id", "=", "deliveries.order_id")
          .as("card_id"),
        "order_events.at",
      ]),
  );

  readonly #finish = new Statement<{ readonly id: string }>((db) =>
    db
      .updateTable("deliveries")
      .set({
        state: param("state"),
        last_status: param("status"),
        last_reason: param("reason"),
        next_at: sql<Date>`now() + ${param("retryInMs")}::float8 * ${MILLISECOND}`,
        lease_until: null,
        finished_at: sql<Date>`case when ${param("state")}::text = 'PENDING' then null else now() end`,
      })
      .where("id", "=", param("id"))
      .where("state", "=", "PENDING")
      .where(sql<boolean>`lease_until::text = ${param("claim")}::text`)
      .returning("id"),
  );

  /** Comes before the deliveries: whoever writes one holds this row's lock, so none slips in between. */
  readonly #markGone = new Statement<never>((db) =>
    db.updateTable("card_orders").set({ caller_gone: true }).where("id", "=", param("orderId")),
  );

  readonly #endAll = new Statement<never>((db) =>
    db
      .updateTable("deliveries")
      .set({ state: "GONE", lease_until: null, finished_at: NOW })
      .where("order_id", "=", param("orderId"))
      .where("state", "=", "PENDING"),
  );

  readonly #prune = new Statement<{ readonly id: string }>((db) =>
    db
      .deleteFrom("deliveries")
      .where("id", "in", (select) =>
        select
          .selectFrom("deliveries")
          .select("id")
          .where("finished_at", "<=", sql<Date>`now() - ${param("olderThanMs")}::float8 * ${MILLISECOND}`)
          .orderBy("finished_at")
          .limit(param("limit"))
          .forUpdate()
          .skipLocked(),
      )
      .returning("id"),
  );

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async claimNext(leaseMs: number): Promise<DueDelivery | null> {
    if (!(await this.#anyDue.first(this.#db, {}))) return null;
    return this.#db.transaction().execute(async (transaction) => {
      await this.#lockClaims.run(transaction, {});
      const row = await this.#claimNext.first(transaction, { leaseMs });
      return row && toDueDelivery(row);
    });
  }

  async finish(due: DueDelivery, verdict: DeliveryVerdict, outcome: DeliveryOutcome): Promise<void> {
    const values = {
      id: due.messageId,
      claim: due.claim,
      state: verdict.state,
      retryInMs: verdict.state === "PENDING" ? verdict.retryInMs : 0,
      status: "status" in outcome ? outcome.status : null,
      reason: outcome.kind === "failed" ? outcome.reason : null,
    };
    if (verdict.state !== "GONE") return void (await this.#finish.run(this.#db, values));
    const { orderId } = due;
    await this.#db.transaction().execute(async (transaction) => {
      await this.#markGone.run(transaction, { orderId });
      await this.#finish.run(transaction, values);
      await this.#endAll.run(transaction, { orderId });
    });
  }

  async prune(olderThanMs: number, limit: number): Promise<number> {
    return (await this.#prune.run(this.#db, { olderThanMs, limit })).length;
  }
}

function toDueDelivery(row: DueRow): DueDelivery {
  return {
    messageId: row.id,
    orderId: row.order_id as OrderId,
    orderNo: row.order_no,
    url: row.url,
    event: {
      sequence: row.event_id,
      state: row.to_state as OrderState,
      sends: row.sends,
      failure: toFailure(row),
      card:
        row.card_status === null || row.card_id === null
          ? null
          : { id: row.card_id as CardId, status: row.card_status as CardStatus },
      at: row.at,
    },
    attempts: row.attempts,
    claim: row.claim,
    claimedAt: row.claimed_at,
  };
}
