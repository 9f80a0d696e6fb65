import type { Card, CardHolder } from "../domain/card-record.js";
import type { CardFilter, CardStore } from "../domain/card-store.js";
import type { CardHolderId, CardId, OrderId } from "../domain/ids.js";
import type { EventPage, OrderEvent, OrderEventStore } from "../domain/order-event.js";
import type { OrderFilter, OrderList, OrderStore, OrderView } from "../domain/order-store.js";
import type { Page } from "../domain/page.js";

/** Reads orders and cards as they stand in the database, by tenant: another tenant's are simply not there. */
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

  async orderByNo(tenant: string, orderNo: string): Promise<OrderView | null> {
    return this.#orders.byOrderNo(tenant, orderNo);
  }

  async ordersByIds(tenant: string, ids: readonly OrderId[]): Promise<readonly OrderView[]> {
    return this.#orders.byIds(tenant, ids);
  }

  async ordersByNos(tenant: string, orderNos: readonly string[]): Promise<readonly OrderView[]> {
    return this.#orders.byOrderNos(tenant, orderNos);
  }

  async cardsByIds(tenant: string, ids: readonly CardId[]): Promise<readonly Card[]> {
    return this.#cards.byIds(tenant, ids);
  }

  async cardHoldersByIds(tenant: string, ids: readonly CardHolderId[]): Promise<readonly CardHolder[]> {
    return this.#cards.holdersByIds(tenant, ids);
  }

  async cardById(tenant: string, id: CardId): Promise<Card | null> {
    return (await this.#cards.byIds(tenant, [id]))[0] ?? null;
  }

  /** A stretch of the history of each order; `page.first` is 1 to 100. The ids are of orders that were read before. */
  async eventsOf(ids: readonly OrderId[], page: EventPage): Promise<ReadonlyMap<OrderId, readonly OrderEvent[]>> {
    return this.#events.pages(ids, page);
  }

  /** Up to `page.first + 1` cards, newest first; `page.first` is 1 to 100. */
  async list(tenant: string, page: Page, filter: CardFilter): Promise<readonly Card[]> {
    return this.#cards.list(tenant, page, filter);
  }

  /** Up to `page.first + 1` orders with their cards, newest first; `page.first` is 1 to 100. */
  async listOrders(tenant: string, page: Page, filter: OrderFilter): Promise<readonly OrderView[]> {
    return this.#orderList.list(tenant, page, filter);
  }
}
