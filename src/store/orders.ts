import { type Kysely, sql } from "kysely";
import type { KnownCardStatus } from "../domain/card-status.js";
import type { IdSource, OrderId } from "../domain/ids.js";
import type { CardOrder, OrderState } from "../domain/order.js";
import {
  type AppliedEvidence,
  type DueAfterMove,
  type NewOrder,
  OrderNumberTaken,
  type OrderStore,
  type OrderView,
} from "../domain/order-store.js";
import { type Evidence, type OrderFacts, type Transition, transition } from "../domain/order-transition.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { SpendLimitReached } from "../domain/spending.js";
import { cardOf, contests, handOver, otherOwner } from "./card-owner.js";
import { describeCard, type WrittenCard, writeCard } from "./card-writer.js";
import { type JoinedOrderRow, joinedOrders, toView } from "./joined-orders.js";
import { type Change, isVisible, valuesOf } from "./order-change.js";
import { ANSWER, MOVE, PLACE, START_SENDING } from "./order-writes.js";
import { toOrder } from "./rows.js";
import { isBeyondLimit, recount } from "./spending.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** How long a committed intent may lie unsent before the reconciler takes it for one whose process died. */
const ORPHANED_INTENT_MS = 30_000;

/** How often evidence is applied when another order keeps writing its card first. */
const MAX_ATTEMPTS = 3;

const CONTESTED: Evidence = { kind: "contested" };
/** Where an answer that is as it should be takes an order. */
const ANSWERS: ReadonlySet<OrderState> = new Set(["ACCEPTED", "COMPLETED"]);
const SENT_FROM = { sending: "INTENT", resending: "UNCONFIRMED" } as const;

const BY_ORDER_NOS = new Statement<JoinedOrderRow>((db) =>
  joinedOrders(db)
    .where("card_orders.tenant", "=", param("tenant"))
    .where("card_orders.order_no", "=", sql<string>`any(${param("orderNos")}::text[])`),
);

const BY_IDS = new Statement<JoinedOrderRow>((db) =>
  joinedOrders(db)
    .where("card_orders.tenant", "=", param("tenant"))
    .where("card_orders.id", "=", sql<string>`any(${param("ids")}::text[])`),
);

const LOCK = new Statement<{ id: string }>((db) =>
  db.selectFrom("card_orders").select("id").where("id", "=", param("id")).forUpdate(),
);

const BY_ID = new Statement<JoinedOrderRow>((db) => joinedOrders(db).where("card_orders.id", "=", param("id")));

const IS_SENDING = new Statement<{ found: number }>((db) =>
  db
    .selectFrom("card_orders")
    .select(sql<number>`1`.as("found"))
    .where("provider", "=", param("provider"))
    .where("order_no", "=", param("orderNo"))
    .where("state", "=", "SENDING")
    .where("lease_until", ">", sql<Date>`now()`),
);

/** What {@link SqlOrderStore} works with. */
export interface OrderStoreParts {
  readonly db: Kysely<Tables>;
  readonly ids: IdSource;
  readonly vault: PersonalDataVault;
  readonly dueAfterMove: DueAfterMove;
  /** Minor units that a tenant may order in a UTC day; null: any. */
  readonly spendLimitMinor: number | null;
  /** Told, after a commit that left something to be announced, of which order. */
  readonly onAnnounceable: (order: CardOrder) => void;
}

/** {@link OrderStore} over SQL: every statement is compiled once. */
export class SqlOrderStore implements OrderStore {
  readonly #parts: OrderStoreParts;
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

  constructor(parts: OrderStoreParts) {
    this.#parts = parts;
    this.#db = parts.db;
    this.#vault = parts.vault;
  }

  async place(order: NewOrder): Promise<OrderView & { readonly placed: boolean }> {
    const { id, tenant, request } = order;
    const { cardHolder, email } = request;
    const row = await PLACE.first(this.#db, {
      id,
      tenant,
      personal: this.#vault.seal({ table: "card_orders", id, tenant }, { cardHolder, email }),
      cardRangeId: request.cardRangeId,
      customerId: request.customerId,
      callbackUrl: request.callbackUrl,
      provider: order.provider,
      mode: order.mode,
      orderNo: order.orderNo,
      fingerprint: order.fingerprint,
      depositMinor: request.deposit.amountMinor,
      currency: request.deposit.currency,
      callbackToken: order.callbackToken,
      ...order.by,
      orphanedMs: ORPHANED_INTENT_MS,
      spendLimitMinor: this.#parts.spendLimitMinor,
    }).catch((error: unknown) => {
      throw isBeyondLimit(error) ? new SpendLimitReached() : error;
    });
    // What was sealed just now need not be opened again.
    if (row) {
      return { order: toOrder({ ...row, card_id: null }, this.#vault, request), card: null, placed: true };
    }
    const earlier = await this.byOrderNo(order.tenant, order.orderNo);
    if (!earlier) throw new OrderNumberTaken();
    return { ...earlier, placed: false };
  }

  async startSending(id: OrderId, kind: "sending" | "resending", leaseMs: number): Promise<number | null> {
    const started = await START_SENDING.first(this.#db, { id, kind, from: SENT_FROM[kind], leaseMs });
    return started?.last_call ?? null;
  }

  async apply(id: OrderId, evidence: Evidence, note?: string): Promise<AppliedEvidence> {
    const applied = await this.#applyUncrossed(id, evidence, note ?? null);
    if (!("contested" in applied)) return applied;
    // First the order that has the card, in a commit of its own: two locks at once could wait for each other.
    const besides = await this.#applyUncrossed(applied.contested, CONTESTED, null);
    const after = await this.apply(id, evidence, note);
    return "contested" in besides ? after : { besides, ...after };
  }

  /** Another order that writes the same card at the same moment is seen only by the next attempt. */
  async #applyUncrossed(id: OrderId, evidence: Evidence, note: string | null): Promise<AppliedEvidence | Contested> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#applyOnce(id, evidence, note);
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #applyOnce(id: OrderId, evidence: Evidence, note: string | null): Promise<AppliedEvidence | Contested> {
    let announceable = false;
    const applied = await this.#db.transaction().execute(async (trx): Promise<AppliedEvidence | Contested> => {
      // Two statements: one that waited for the lock would see the order anew, but the joined card as it was before.
      await LOCK.first(trx, { id });
      const row = await BY_ID.first(trx, { id });
      if (!row) throw new Error("order does not exist");
      const before = toView(row, this.#vault);
      const owner = await otherOwner(trx, before.order, evidence);
      if (contests(before.order, evidence, owner)) return { contested: owner?.orderId ?? id };
      const givenUp = evidence.kind === "settled_by_hand" && owner?.isForAPerson === true;
      const facts = factsOf(before.order, row, owner !== null && !givenUp);
      const next = transition(facts, evidence);
      const unchanged = { ...before, changed: false, from: before.order.state };
      if (!next) return unchanged;
      const written = await this.#writeCard(trx, before, next, evidence, givenUp);
      const moves = next.state !== before.order.state || next.reviewReason !== before.order.reviewReason;
      if (!moves && !written.changed && !next.lastSend) return unchanged;
      const change: Change = { before, next, written, moves, evidence, note, attempts: row.attempts };
      announceable = isVisible(change);
      const moved = await this.#move(trx, change, written);
      await recount(trx, row.spend_counted, moved);
      return moved;
    });
    if (announceable && "order" in applied) this.#parts.onAnnounceable(applied.order);
    return applied;
  }

  async settle(sent: CardOrder, call: number, evidence: Evidence): Promise<AppliedEvidence> {
    return (await this.#answer(sent, call, evidence)) ?? this.apply(sent.id, evidence);
  }

  /**
   * Writes a provider's answer in one statement, where nothing has come in between: then all that the transition
   * depends on is known without reading it. Null where something has, or may have.
   */
  async #answer(sent: CardOrder, call: number, evidence: Evidence): Promise<AppliedEvidence | null> {
    if (evidence.kind !== "card") return null;
    const { ids, dueAfterMove } = this.#parts;
    const { deposit, customerId } = sent.request;
    const before: OrderView = { order: { ...sent, state: "SENDING", lastCall: call, cardId: null }, card: null };
    const next = transition({ ...before.order, deposit, customerId, card: null, cardIsAnothers: false }, evidence);
    const described = describeCard(this.#parts, sent, null, evidence.card);
    // What failed, or is for a person, gives its amount back, or puts others in doubt.
    if (!next?.writeCard || !described || !ANSWERS.has(next.state)) return null;
    const written = { card: described.card, changed: true };
    const change: Change = { before, next, written, moves: true, evidence, note: null, attempts: 0 };
    const values = { ...described.values, ...valuesOf(change, dueAfterMove, ids.message()), call };
    const moved = await ANSWER.first(this.#db, values).catch(nullIfUniqueViolation);
    if (!moved) return null;
    const card = { ...described.card, createdAt: moved.updated_at, updatedAt: moved.updated_at };
    const order = toOrder(
      { ...moved, card_id: card.id },
      this.#vault,
      moved.erased_at === null ? sent.request : undefined,
    );
    this.#parts.onAnnounceable(order);
    return { order, card, changed: true, from: "SENDING" };
  }

  async byOrderNo(tenant: string, orderNo: string): Promise<OrderView | null> {
    return (await this.byOrderNos(tenant, [orderNo]))[0] ?? null;
  }

  async byOrderNos(tenant: string, orderNos: readonly string[]): Promise<readonly OrderView[]> {
    return (await BY_ORDER_NOS.run(this.#db, { tenant, orderNos })).map((row) => toView(row, this.#vault));
  }

  async byIds(tenant: string, ids: readonly OrderId[]): Promise<readonly OrderView[]> {
    return (await BY_IDS.run(this.#db, { tenant, ids })).map((row) => toView(row, this.#vault));
  }

  async isSending(provider: ProviderCode, orderNo: string): Promise<boolean> {
    return (await IS_SENDING.first(this.#db, { provider, orderNo })) !== null;
  }

  async #writeCard(
    trx: Kysely<Tables>,
    before: OrderView,
    next: Transition,
    evidence: Evidence,
    givenUp: boolean,
  ): Promise<WrittenCard> {
    const { order, card } = before;
    const seen = cardOf(evidence);
    if (!next.writeCard || !seen) return { card, changed: false };
    if (!givenUp) return writeCard(trx, this.#parts, order, card, seen);
    await handOver(trx, order, seen);
    const handedOver = await BY_ID.first(trx, { id: order.id });
    const known = handedOver ? toView(handedOver, this.#vault).card : null;
    return { ...(await writeCard(trx, this.#parts, order, known, seen)), changed: true };
  }

  async #move(trx: Kysely<Tables>, change: Change, { card }: WrittenCard): Promise<AppliedEvidence> {
    const { ids, dueAfterMove } = this.#parts;
    const moved = await MOVE.first(trx, valuesOf(change, dueAfterMove, ids.message()));
    // Stryker disable next-line all: its row is locked, so it is there
    if (!moved) throw new Error("order vanished under its lock");
    const order = toOrder({ ...moved, card_id: card?.id ?? null }, this.#vault);
    return { order, card, changed: true, from: change.before.order.state };
  }
}

/** Another order has to be looked at first: what is said of this one puts its card in doubt. */
interface Contested {
  readonly contested: OrderId;
}

function factsOf(order: CardOrder, row: JoinedOrderRow, cardIsAnothers: boolean): OrderFacts {
  return {
    state: order.state,
    reviewReason: order.reviewReason,
    deposit: order.request.deposit,
    customerId: order.request.customerId,
    sends: order.sends,
    lastCall: order.lastCall,
    card:
      row.c_provider_card_id === null
        ? null
        : { providerCardId: row.c_provider_card_id, knownStatus: row.c_known_status as KnownCardStatus | null },
    cardIsAnothers,
  };
}

function nullIfUniqueViolation(error: unknown): null {
  if (isUniqueViolation(error)) return null;
  throw error;
}

/** What PostgreSQL says of a row that is there already, committed meanwhile by somebody else. */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "23505";
}
