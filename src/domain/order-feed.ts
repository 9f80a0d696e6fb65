import type { CardId, OrderId } from "./ids.js";
import type { OrderEvent } from "./order-event.js";
import type { OrderView } from "./order-store.js";

/** An order as somebody who watches names it. */
export type WatchedBy = { readonly orderNo: string } | { readonly cardId: CardId };

/** An order as it stands, and the place in its history that this is. */
export interface PlacedView {
  readonly view: OrderView;
  /** The `sequence` of the last event that the view shows. */
  readonly sequence: number;
}

/** A place in an order's history. */
export interface HistoryPlace {
  readonly orderId: OrderId;
  readonly after: number;
}

/** What happened to orders since their places in history, and how they stand now. */
export interface News {
  /** Oldest first. */
  readonly events: readonly OrderEvent[];
  readonly views: ReadonlyMap<OrderId, PlacedView>;
}

/** Where those who watch read orders. */
export interface OrderFeed {
  /** The order as it stands, read together with its place in history; null when the tenant has none such. */
  current(tenant: string, by: WatchedBy): Promise<PlacedView | null>;
  /** Everything that happened since. */
  since(places: readonly HistoryPlace[]): Promise<News>;
}

/** Changes that are committed and not yet told to those who watch, in whatever process they are. */
export interface Outbox {
  /** Tells every process of up to `limit` changes, by the ids of their orders. Resolves with how many changes. */
  announce(limit: number): Promise<number>;
}
