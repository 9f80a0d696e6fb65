import { type Kysely, type Selectable, sql } from "kysely";
import type { CardStatus } from "../domain/card-status.js";
import type { OrderId } from "../domain/ids.js";
import type { ClaimVerdict, DueOrder, OrderQueue, Pace, ServedProvider } from "../domain/order-store.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { toOrder } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { CardOrdersTable, Tables } from "./tables.js";

type DueRow = Selectable<CardOrdersTable> & {
  readonly card_id: string | null;
  readonly known_card: string | null;
  readonly known_card_status: string | null;
  readonly claimed_cards: readonly string[];
  readonly known_card_named: boolean;
  readonly waited_ms: number;
  readonly claim: string;
  readonly claimed_at: string;
};

/** How many cards that callbacks name are asked for at a time; others each time, so that every one gets its turn. */
const MAX_CLAIMS = 3;
const MILLISECOND = sql`interval '1 millisecond'`;

/**
 * Orders under way go by their time alone. Of those that have settled, the ones that a callback made due go first: a
 * crowd of overdue follow-ups must not hold up news.
 */
function claimDue(pace: Pace): Statement<DueRow> {
  return new Statement((db) =>
    db
      .with("due", (with_) =>
        with_
          .selectFrom("card_orders")
          .select("id")
          .where(sql<boolean>`(state in ('COMPLETED', 'FAILED')) = ${sql.lit(pace === "settled")}`)
          .where("next_at", "<=", sql<Date>`now()`)
          .where(sql<boolean>`provider || ':' || mode = any(${param("served")}::text[])`)
          .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", sql<Date>`now()`)]))
          .$if(pace === "settled", (due) => due.orderBy(sql`attempts = 0`, "desc"))
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
          .selectFrom("cards")
          .select("cards.status")
          .whereRef("cards.order_id", "=", "card_orders.id")
          .as("known_card_status"),
        sql<string[]>`array(
          select provider_card_id from inbox
          where inbox.order_id = card_orders.id and provider_card_id is not null and verdict is null
            and provider_card_id is distinct from (
              select cards.provider_card_id from cards where cards.order_id = card_orders.id
            )
          group by provider_card_id order by md5(provider_card_id || card_orders.attempts)
          limit ${sql.lit(MAX_CLAIMS + 1)}
        )`.as("claimed_cards"),
        sql<boolean>`exists (
          select from inbox join cards using (order_id, provider_card_id)
          where inbox.order_id = card_orders.id and verdict is null
        )`.as("known_card_named"),
        sql<number>`(extract(epoch from now() - coalesce(first_sent_at, created_at)) * 1000)::float8`.as("waited_ms"),
        sql<string>`lease_until::text`.as("claim"),
        sql<string>`now()::text`.as("claimed_at"),
      ]),
  );
}

const CLAIM_DUE: Readonly<Record<Pace, Statement<DueRow>>> = {
  under_way: claimDue("under_way"),
  settled: claimDue("settled"),
};

/** {@link OrderQueue} over SQL: the order row is the job, the database's clock says when it is due. */
export class SqlOrderQueue implements OrderQueue {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

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

  readonly #hasten = new Statement<never>((db) =>
    db
      .updateTable("card_orders")
      .set({ next_at: sql<Date>`least(next_at, now() + ${param("delayMs")}::float8 * ${MILLISECOND})` })
      .where("id", "=", param("id")),
  );

  readonly #judgeClaim = new Statement<never>((db) =>
    db
      .updateTable("inbox")
      .set({ verdict: param("verdict") })
      .where("order_id", "=", param("id"))
      .where("provider_card_id", "=", param("providerCardId"))
      .where("received_at", "<=", sql<Date>`${param("claimedAt")}::timestamptz`)
      .where("verdict", "is", null),
  );

  constructor(db: Kysely<Tables>, vault: PersonalDataVault) {
    this.#db = db;
    this.#vault = vault;
  }

  async claimDue(
    served: readonly ServedProvider[],
    pace: Pace,
    limit: number,
    leaseMs: number,
  ): Promise<readonly DueOrder[]> {
    const codes = served.map(({ code, mode }) => `${code}:${mode}`);
    const rows = await CLAIM_DUE[pace].run(this.#db, { served: codes, limit, leaseMs });
    return rows.map((row) => ({
      order: toOrder(row, this.#vault),
      providerCardId: row.known_card,
      cardStatus: row.known_card_status as CardStatus | null,
      claimedCardIds: row.claimed_cards.slice(0, MAX_CLAIMS),
      hasMoreClaims: row.claimed_cards.length > MAX_CLAIMS,
      knownCardNamed: row.known_card_named,
      attempts: row.attempts,
      waitedMs: row.waited_ms,
      claim: row.claim,
      claimedAt: row.claimed_at,
    }));
  }

  async reschedule(due: DueOrder, delayMs: number | null): Promise<void> {
    const { order, attempts, claim } = due;
    await this.#reschedule.run(this.#db, { id: order.id, attempts, claim, delayMs });
  }

  async hasten(id: OrderId, delayMs: number): Promise<void> {
    await this.#hasten.run(this.#db, { id, delayMs });
  }

  async judgeClaim(id: OrderId, providerCardId: string, verdict: ClaimVerdict, claimedAt: string): Promise<void> {
    await this.#judgeClaim.run(this.#db, { id, providerCardId, verdict, claimedAt });
  }
}
