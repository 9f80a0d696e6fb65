import { type Kysely, type Selectable, sql } from "kysely";
import type { CardStatus } from "../domain/card-status.js";
import type { OrderId } from "../domain/ids.js";
import type { OrderState, ReviewReason } from "../domain/order.js";
import type { EventPage, OrderEvent, OrderEventStore, OrderEvidence } from "../domain/order-event.js";
import type { HistoryPlace, News, OrderFeed, PlacedView, WatchedBy } from "../domain/order-feed.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { type JoinedOrderRow, joinedOrders, toView } from "./joined-orders.js";
import { toFailure } from "./rows.js";
import { inSql, param, Statement } from "./statement.js";
import type { OrderEventsTable, Tables } from "./tables.js";

type EventRow = Selectable<OrderEventsTable>;
type PlacedRow = JoinedOrderRow & { readonly sequence: number };

/** Events of one order that are read at a time; a history is a dozen lines, whatever happens. */
const MAX_NEWS_PER_ORDER = 200;

/** Read in the same statement as the order, so that the two belong together. */
const SEQUENCE = sql<number>`coalesce((
  select max(order_events.id) from order_events where order_events.order_id = card_orders.id
), 0)`.as("sequence");

const placed = (db: Kysely<Tables>) => joinedOrders(db).select(SEQUENCE);

const BY_ORDER_NO = new Statement<PlacedRow>((db) =>
  placed(db).where("card_orders.tenant", "=", param("tenant")).where("card_orders.order_no", "=", param("orderNo")),
);

const BY_CARD = new Statement<PlacedRow>((db) =>
  placed(db).where("card_orders.tenant", "=", param("tenant")).where("cards.id", "=", param("cardId")),
);

const BY_IDS = new Statement<PlacedRow>((db) =>
  placed(db).where("card_orders.id", "=", sql<string>`any(${param("ids")}::text[])`),
);

const pageOf = (ofCard: boolean) =>
  new Statement<EventRow>(
    inSql(sql<EventRow>`
        select found.* from unnest(${param("ids")}::text[]) as wanted(order_id)
        cross join lateral (
          select * from order_events
          where order_events.order_id = wanted.order_id and order_events.id > ${param("after")}::bigint
            and ${sql.raw(ofCard ? "card_changed" : "true")}
          order by order_events.id limit ${param("limit")}::bigint
        ) found
        order by found.id
      `),
  );

const PAGE = pageOf(false);
const PAGE_OF_CARD = pageOf(true);

const SINCE = new Statement<EventRow>(
  inSql(sql<EventRow>`
      select found.* from unnest(${param("ids")}::text[], ${param("after")}::bigint[]) as place(order_id, after)
      cross join lateral (
        select * from order_events
        where order_events.order_id = place.order_id and order_events.id > place.after
        order by order_events.id limit ${sql.lit(MAX_NEWS_PER_ORDER)}
      ) found
      order by found.id
    `),
);

/** {@link OrderEventStore} and {@link OrderFeed} over SQL. */
export class SqlOrderEventStore implements OrderEventStore, OrderFeed {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

  constructor(db: Kysely<Tables>, vault: PersonalDataVault) {
    this.#db = db;
    this.#vault = vault;
  }

  async pages(orderIds: readonly OrderId[], page: EventPage): Promise<ReadonlyMap<OrderId, readonly OrderEvent[]>> {
    const statement = page.ofCard ? PAGE_OF_CARD : PAGE;
    const values = { ids: orderIds, after: page.after ?? 0, limit: page.first + 1 };
    const events = (await statement.run(this.#db, values)).map(toEvent);
    const byOrder = new Map<OrderId, OrderEvent[]>(orderIds.map((id) => [id, []]));
    for (const event of events) byOrder.get(event.orderId)?.push(event);
    return byOrder;
  }

  async current(tenant: string, by: WatchedBy): Promise<PlacedView | null> {
    const row =
      "orderNo" in by
        ? await BY_ORDER_NO.first(this.#db, { tenant, orderNo: by.orderNo })
        : await BY_CARD.first(this.#db, { tenant, cardId: by.cardId });
    return row && { view: toView(row, this.#vault), sequence: row.sequence };
  }

  async since(places: readonly HistoryPlace[]): Promise<News> {
    const ids = places.map(({ orderId }) => orderId);
    const rows = await SINCE.run(this.#db, { ids, after: places.map(({ after }) => after) });
    if (rows.length === 0) return { events: [], views: new Map() };
    // Read after the events, so that a view is never older than the last of them.
    const moved = [...new Set(rows.map((row) => row.order_id))];
    const views = await BY_IDS.run(this.#db, { ids: moved });
    return {
      events: rows.map(toEvent),
      views: new Map(
        views.map((row) => [row.id as OrderId, { view: toView(row, this.#vault), sequence: row.sequence }]),
      ),
    };
  }
}

function toEvent(row: EventRow): OrderEvent {
  return {
    sequence: row.id,
    orderId: row.order_id as OrderId,
    evidence: row.evidence as OrderEvidence,
    fromState: row.from_state as OrderState | null,
    state: row.to_state as OrderState,
    sends: row.sends,
    reviewReason: row.review_reason as ReviewReason | null,
    failure: toFailure(row),
    card:
      row.card_status === null
        ? null
        : {
            status: row.card_status as CardStatus,
            providerStatus: row.provider_status ?? row.card_status,
            depositMinor: row.deposit_minor ?? 0,
            consumeMinor: row.consume_minor ?? 0,
            balanceMinor: row.balance_minor ?? 0,
            currency: row.currency ?? "USD",
            changed: row.card_changed,
          },
    note: row.note,
    at: row.at,
  };
}
