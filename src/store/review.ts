import { type Kysely, type Selectable, sql } from "kysely";
import type { OrderId } from "../domain/ids.js";
import type { ClaimVerdict, OrderView } from "../domain/order-store.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import type { CallbackSeen, Dossier, ReviewStore } from "../domain/review.js";
import { type JoinedOrderRow, joinedOrders, toView } from "./joined-orders.js";
import type { SqlOrderEventStore } from "./order-events.js";
import { param, Statement } from "./statement.js";
import type { InboxTable, Tables } from "./tables.js";

const MAX_EVENTS = 1_000;
const MAX_CALLBACKS = 100;

const IN_REVIEW = new Statement<JoinedOrderRow>((db) =>
  joinedOrders(db)
    .where("card_orders.state", "=", sql.lit("NEEDS_REVIEW"))
    .where("card_orders.id", ">", param("after"))
    .orderBy("card_orders.id")
    .limit(param("limit")),
);

const NAMED = new Statement<JoinedOrderRow>((db) =>
  joinedOrders(db)
    .where((where) => where.or([where("card_orders.id", "=", param("name")), where("order_no", "=", param("name"))]))
    .orderBy("card_orders.id")
    .limit(sql.lit(10)),
);

const CALLBACKS = new Statement<Selectable<InboxTable>>((db) =>
  db
    .selectFrom("inbox")
    .selectAll()
    .where("order_id", "=", param("orderId"))
    .orderBy("id")
    .limit(sql.lit(MAX_CALLBACKS)),
);

/** {@link ReviewStore} over SQL. */
export class SqlReviewStore implements ReviewStore {
  readonly #db: Kysely<Tables>;
  readonly #events: SqlOrderEventStore;
  readonly #vault: PersonalDataVault;

  constructor(db: Kysely<Tables>, events: SqlOrderEventStore, vault: PersonalDataVault) {
    this.#db = db;
    this.#events = events;
    this.#vault = vault;
  }

  async inReview(limit: number, after: OrderId | null): Promise<readonly OrderView[]> {
    return (await IN_REVIEW.run(this.#db, { limit, after: after ?? "" })).map((row) => toView(row, this.#vault));
  }

  async dossiers(idOrOrderNo: string): Promise<readonly Dossier[]> {
    const rows = await NAMED.run(this.#db, { name: idOrOrderNo });
    return Promise.all(rows.map(async (row) => this.#dossierOf(toView(row, this.#vault))));
  }

  async #dossierOf(view: OrderView): Promise<Dossier> {
    const { id } = view.order;
    const pages = await this.#events.pages([id], { first: MAX_EVENTS, after: null, ofCard: false });
    const callbacks = await CALLBACKS.run(this.#db, { orderId: id });
    return { view, events: pages.get(id) ?? [], callbacks: callbacks.map(toCallback) };
  }
}

function toCallback(row: Selectable<InboxTable>): CallbackSeen {
  return {
    eventType: row.event_type,
    providerCardId: row.provider_card_id,
    verdict: row.verdict as ClaimVerdict | null,
    receivedAt: row.received_at,
  };
}
