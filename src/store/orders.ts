import { type Kysely, type Selectable, sql } from "kysely";
import type { Card } from "../domain/card-record.js";
import type { KnownCardStatus } from "../domain/card-status.js";
import type { IdSource, OrderId } from "../domain/ids.js";
import type { AppliedEvidence, DueAfterMove, NewOrder, OrderStore, OrderView } from "../domain/order-store.js";
import { type Evidence, type OrderFacts, transition } from "../domain/order-transition.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { writeCard } from "./card-writer.js";
import { CARD_COLUMNS, CARD_HOLDER_COLUMNS } from "./columns.js";
import { type CardRow, type OrderRow, toCard, toOrder } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { CardOrdersTable, Tables } from "./tables.js";

type JoinedRow = OrderRow & { readonly [Name in keyof CardRow]: CardRow[Name] | null };

/** How long a committed intent may lie unsent before the reconciler takes it for one whose process died. */
const ORPHANED_INTENT_MS = 30_000;

const laterBy = (name: string) => sql<Date>`now() + ${param(name)}::float8 * interval '1 millisecond'`;

const joined = (db: Kysely<Tables>) =>
  db
    .selectFrom("card_orders")
    .leftJoin("cards", "cards.order_id", "card_orders.id")
    .leftJoin("card_holders", "card_holders.id", "cards.card_holder_id")
    .selectAll("card_orders")
    .select("cards.id as card_id")
    .select(CARD_COLUMNS)
    .select(CARD_HOLDER_COLUMNS);

/** {@link OrderStore} over SQL: every statement is compiled once. */
export class SqlOrderStore implements OrderStore {
  readonly #db: Kysely<Tables>;
  readonly #ids: IdSource;
  readonly #dueAfterMove: DueAfterMove;

  readonly #insert = new Statement<Selectable<CardOrdersTable>>((db) =>
    db
      .insertInto("card_orders")
      .values({
        id: param("id"),
        tenant: param("tenant"),
        provider: param("provider"),
        mode: param("mode"),
        order_no: param("orderNo"),
        fingerprint: param("fingerprint"),
        state: "INTENT",
        card_range_id: param("cardRangeId"),
        deposit_minor: param("depositMinor"),
        currency: param("currency"),
        holder_first_name: param("firstName"),
        holder_last_name: param("lastName"),
        email: param("email"),
        customer_id: param("customerId"),
        caller_callback_url: param("callbackUrl"),
        callback_token: param("callbackToken"),
        next_at: laterBy("orphanedMs"),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll(),
  );

  readonly #startSending = new Statement<{ id: number }>((db) =>
    db
      .with("moved", (with_) =>
        with_
          .updateTable("card_orders")
          .set({
            state: "SENDING",
            lease_until: laterBy("leaseMs"),
            next_at: laterBy("leaseMs"),
            moved_at: sql`now()`,
            updated_at: sql`now()`,
          })
          .where("id", "=", param("id"))
          .where("state", "=", "INTENT")
          .returning("id"),
      )
      .insertInto("order_events")
      .columns(["order_id", "evidence", "from_state", "to_state"])
      .expression((with_) =>
        with_
          .selectFrom("moved")
          .select(["moved.id", sql`'sending'`.as("evidence"), sql`'INTENT'`.as("from"), sql`'SENDING'`.as("to")]),
      )
      .returning("id"),
  );

  readonly #byOrderNo = new Statement<JoinedRow>((db) =>
    joined(db).where("card_orders.tenant", "=", param("tenant")).where("card_orders.order_no", "=", param("orderNo")),
  );

  readonly #byIds = new Statement<JoinedRow>((db) =>
    joined(db)
      .where("card_orders.tenant", "=", param("tenant"))
      .where("card_orders.id", "=", sql<string>`any(${param("ids")}::text[])`),
  );

  readonly #lock = new Statement<{ id: string }>((db) =>
    db.selectFrom("card_orders").select("id").where("id", "=", param("id")).forUpdate(),
  );

  readonly #byId = new Statement<JoinedRow>((db) => joined(db).where("card_orders.id", "=", param("id")));

  readonly #ownerOfCard = new Statement<{ order_id: string }>((db) =>
    db
      .selectFrom("cards")
      .select("order_id")
      .where("provider", "=", param("provider"))
      .where("provider_card_id", "=", param("providerCardId")),
  );

  /**
   * An intent that could not be sent again keeps its count, so that it is tried ever more seldom.
   * A callback that came while the order was busy, and that nobody has taken up, makes it due at once.
   */
  readonly #move = new Statement<Selectable<CardOrdersTable>>((db) =>
    db
      .updateTable("card_orders")
      .set({
        state: param("state"),
        review_reason: param("reviewReason"),
        failure_code: param("failureCode"),
        failure_provider_code: param("failureProviderCode"),
        failure_field: param("failureField"),
        attempts: sql<number>`case when ${param("state")}::text = 'INTENT' then attempts else 0 end`,
        lease_until: null,
        next_at: sql`case when attempts = 0 and exists (
          select 1 from inbox where inbox.order_id = card_orders.id and inbox.provider_card_id is not null
            and inbox.verdict is null
        ) then now() else ${laterBy("dueMs")} end`,
        moved_at: sql`now()`,
        updated_at: sql`now()`,
      })
      .where("id", "=", param("id"))
      .returningAll(),
  );

  readonly #event = new Statement<never>((db) =>
    db.insertInto("order_events").values({
      order_id: param("id"),
      evidence: param("evidence"),
      from_state: param("from"),
      to_state: param("to"),
      review_reason: param("reviewReason"),
      card_status: param("cardStatus"),
    }),
  );

  readonly #isSending = new Statement<{ found: number }>((db) =>
    db
      .selectFrom("card_orders")
      .select(sql<number>`1`.as("found"))
      .where("provider", "=", param("provider"))
      .where("order_no", "=", param("orderNo"))
      .where("state", "=", "SENDING")
      .where("lease_until", ">", sql<Date>`now()`),
  );

  constructor(db: Kysely<Tables>, ids: IdSource, dueAfterMove: DueAfterMove) {
    this.#db = db;
    this.#ids = ids;
    this.#dueAfterMove = dueAfterMove;
  }

  async place(order: NewOrder): Promise<OrderView & { readonly placed: boolean }> {
    const { request } = order;
    const row = await this.#insert.first(this.#db, {
      ...request,
      id: order.id,
      tenant: order.tenant,
      provider: order.provider,
      mode: order.mode,
      orderNo: order.orderNo,
      fingerprint: order.fingerprint,
      depositMinor: request.deposit.amountMinor,
      currency: request.deposit.currency,
      firstName: request.cardHolder?.firstName ?? null,
      lastName: request.cardHolder?.lastName ?? null,
      callbackToken: order.callbackToken,
      orphanedMs: ORPHANED_INTENT_MS,
    });
    if (row) return { order: toOrder({ ...row, card_id: null }), card: null, placed: true };
    const earlier = await this.byOrderNo(order.tenant, order.orderNo);
    if (!earlier) throw new Error("order number is another tenant's");
    return { ...earlier, placed: false };
  }

  async startSending(id: OrderId, leaseMs: number): Promise<boolean> {
    return (await this.#startSending.first(this.#db, { id, leaseMs })) !== null;
  }

  async apply(id: OrderId, evidence: Evidence): Promise<AppliedEvidence> {
    return this.#db.transaction().execute(async (trx) => {
      // Two statements: one that waited for the lock would see the order anew, but the joined card as it was before.
      await this.#lock.first(trx, { id });
      const row = await this.#byId.first(trx, { id });
      if (!row) throw new Error("order does not exist");
      const before = toView(row);
      const { order } = before;
      const next = transition(await this.#facts(trx, row, evidence), evidence);
      if (!next) return { ...before, changed: false, from: order.state };
      const seen = evidence.kind === "card" ? evidence.card : null;
      const card = next.writeCard && seen ? await writeCard(trx, this.#ids, order, before.card, seen) : before.card;
      const statusMoved = card?.status !== before.card?.status;
      if (next.state === order.state && next.reviewReason === order.reviewReason && !statusMoved) {
        return { order, card, changed: false, from: order.state };
      }
      const moved = await this.#move.first(trx, {
        id,
        state: next.state,
        reviewReason: next.reviewReason,
        failureCode: next.failure?.code ?? null,
        failureProviderCode: next.failure?.providerCode ?? null,
        failureField: next.failure?.field ?? null,
        dueMs: this.#dueAfterMove(next.state),
      });
      await this.#event.run(trx, {
        id,
        evidence: evidence.kind === "card" ? evidence.source : evidence.kind,
        from: order.state,
        to: next.state,
        reviewReason: next.reviewReason,
        cardStatus: card?.status ?? null,
      });
      if (!moved) throw new Error("order vanished under its lock");
      return {
        order: toOrder({ ...moved, card_id: card?.id ?? null }),
        card,
        changed: true,
        from: order.state,
      };
    });
  }

  async byOrderNo(tenant: string, orderNo: string): Promise<OrderView | null> {
    const row = await this.#byOrderNo.first(this.#db, { tenant, orderNo });
    return row && toView(row);
  }

  async byIds(tenant: string, ids: readonly OrderId[]): Promise<readonly OrderView[]> {
    return (await this.#byIds.run(this.#db, { tenant, ids })).map(toView);
  }

  async isSending(provider: ProviderCode, orderNo: string): Promise<boolean> {
    return (await this.#isSending.first(this.#db, { provider, orderNo })) !== null;
  }

  async #facts(trx: Kysely<Tables>, row: JoinedRow, evidence: Evidence): Promise<OrderFacts> {
    const order = toOrder(row);
    const owner =
      evidence.kind === "card" && evidence.card.providerCardId !== row.c_provider_card_id
        ? await this.#ownerOfCard.first(trx, {
            provider: order.provider,
            providerCardId: evidence.card.providerCardId,
          })
        : null;
    return {
      state: order.state,
      reviewReason: order.reviewReason,
      deposit: order.request.deposit,
      customerId: order.request.customerId,
      card:
        row.c_provider_card_id === null
          ? null
          : { providerCardId: row.c_provider_card_id, knownStatus: row.c_known_status as KnownCardStatus | null },
      cardIsAnothers: owner !== null,
    };
  }
}

function toView(row: JoinedRow): { readonly order: OrderView["order"]; readonly card: Card | null } {
  return { order: toOrder(row), card: row.card_id === null ? null : toCard(row as CardRow) };
}
