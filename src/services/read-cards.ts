import type { Card } from "../domain/card-record.js";
import type { CardFilter, CardStore, Page } from "../domain/card-store.js";
import type { CardId, OrderId } from "../domain/ids.js";
import type { OrderStore, OrderView } from "../domain/order-store.js";

/** A stretch of the list of cards, newest first. */
export interface CardPage {
  readonly cards: readonly Card[];
  readonly hasNextPage: boolean;
}

/** Reads orders and cards as they stand in the database, by tenant: another tenant's are simply not there. */
export class ReadCards {
  readonly #orders: OrderStore;
  readonly #cards: CardStore;

  constructor(orders: OrderStore, cards: CardStore) {
    this.#orders = orders;
    this.#cards = cards;
  }

  async orderByNo(tenant: string, orderNo: string): Promise<OrderView | null> {
    return this.#orders.byOrderNo(tenant, orderNo);
  }

  async ordersByIds(tenant: string, ids: readonly OrderId[]): Promise<readonly OrderView[]> {
    return this.#orders.byIds(tenant, ids);
  }

  async cardById(tenant: string, id: CardId): Promise<Card | null> {
    return (await this.#cards.byIds(tenant, [id]))[0] ?? null;
  }

  /** `page.first` is 1 to 100. */
  async list(tenant: string, page: Page, filter: CardFilter): Promise<CardPage> {
    const cards = await this.#cards.list(tenant, page, filter);
    return { cards: cards.slice(0, page.first), hasNextPage: cards.length > page.first };
  }
}
