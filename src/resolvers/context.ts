import type { OrderId } from "../domain/ids.js";
import type { EventPage, OrderEvent } from "../domain/order-event.js";
import type { WatchedBy } from "../domain/order-feed.js";
import type { OrderView } from "../domain/order-store.js";

/** Collects the orders that one request asks for and reads them in one query. */
export interface OrderLoader {
  load(id: OrderId): Promise<OrderView | null>;
}

/** Collects the histories that one request asks for and reads those of one shape in one query. */
export interface EventLoader {
  /** Up to `page.first + 1` events, oldest first. */
  load(id: OrderId, page: EventPage): Promise<readonly OrderEvent[]>;
}

/** What every resolver is given with a request. */
export interface RequestContext {
  /** Whose data this request may see and change. */
  readonly tenant: string;
  /** Names the request in logs and errors. */
  readonly requestId: string;
  readonly orders: OrderLoader;
  readonly events: EventLoader;
  /** The order as it stands and then every change; null when the tenant has none such. */
  watch(by: WatchedBy): Promise<AsyncIterableIterator<OrderView, undefined> | null>;
}
