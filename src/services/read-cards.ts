import type { Card, CardFields, CardHolder, ShownCard } from "../domain/card-record.js";
import type { CardFilter, CardStore } from "../domain/card-store.js";
import { type Caller, demand } from "../domain/identity.js";
import type { CardHolderId, CardId, OrderId } from "../domain/ids.js";
import type { EventPage, OrderEvent, OrderEventStore } from "../domain/order-event.js";
import type { OrderFilter, OrderList, OrderStore, OrderView } from "../domain/order-store.js";
import type { Page } from "../domain/page.js";

/**
 * Reads orders and cards as they stand in the database, by tenant: another tenant's are simply not there. Everything
 * here throws `Forbidden` for a caller who may not read cards.
 */
export class ReadCards {
  readonly #orders: OrderStore;
  readonly #cards: CardStore;
  readonly #events: OrderEventStore;
  readonly #orderList: OrderList;

  constructor(orders: OrderStore, cards: CardStore, events: OrderEventStore, orderList: OrderList) {
    this.#orders = orders;
    this.#cards = cards;
    this.#events = events;
    this.#orderList = orderList;
  }

  async orderByNo(caller: Caller, orderNo: string): Promise<OrderView | null> {
    demand(caller, "cards:read");
    return this.#orders.byOrderNo(caller.tenant, orderNo);
  }

  async ordersByIds(caller: Caller, ids: readonly OrderId[]): Promise<readonly OrderView[]> {
    demand(caller, "cards:read");
    return this.#orders.byIds(caller.tenant, ids);
  }

  async ordersByNos(caller: Caller, orderNos: readonly string[]): Promise<readonly OrderView[]> {
    demand(caller, "cards:read");
    return this.#orders.byOrderNos(caller.tenant, orderNos);
  }

  async cardsByIds(caller: Caller, ids: readonly CardId[]): Promise<readonly Card[]> {
    demand(caller, "cards:read");
    return this.#cards.byIds(caller.tenant, ids);
  }

  async cardHoldersByIds(caller: Caller, ids: readonly CardHolderId[]): Promise<readonly CardHolder[]> {
    demand(caller, "cards:read");
    return this.#cards.holdersByIds(caller.tenant, ids);
  }

  /** As much of a card as is to be shown; null when there is none. */
  async shownCard(caller: Caller, id: CardId, fields: CardFields): Promise<ShownCard | null> {
    demand(caller, "cards:read");
    return this.#cards.shown(caller.tenant, id, fields);
  }

  /** A stretch of the history of each order; `page.first` is 1 to 100. The ids are of orders that were read before. */
  async eventsOf(
    caller: Caller,
    ids: readonly OrderId[],
    page: EventPage,
  ): Promise<ReadonlyMap<OrderId, readonly OrderEvent[]>> {
    demand(caller, "cards:read");
    return this.#events.pages(ids, page);
  }

  /** Up to `page.first + 1` cards, newest first; `page.first` is 1 to 100. */
  async list(caller: Caller, page: Page, filter: CardFilter, fields: CardFields): Promise<readonly ShownCard[]> {
    demand(caller, "cards:read");
    return this.#cards.list(caller.tenant, page, filter, fields);
  }

  /** Up to `page.first + 1` orders with their cards, newest first; `page.first` is 1 to 100. */
  async listOrders(caller: Caller, page: Page, filter: OrderFilter): Promise<readonly OrderView[]> {
    demand(caller, "cards:read");
    return this.#orderList.list(caller.tenant, page, filter);
  }
}
