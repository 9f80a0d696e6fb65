import type { Card, CardHolder } from "../domain/card-record.js";
import type { CardContact } from "../domain/contact.js";
import type { Identity } from "../domain/identity.js";
import type { CardContactId, CardHolderId, CardId, OrderId } from "../domain/ids.js";
import type { EventPage, OrderEvent } from "../domain/order-event.js";
import type { WatchedBy } from "../domain/order-feed.js";
import type { OrderView } from "../domain/order-store.js";

/** Collects what one request asks for and reads it in one query; null where the tenant has none such. */
export interface Loader<Key, Value> {
  load(key: Key): Promise<Value | null>;
}

/** Collects the orders that one request asks for and reads them in one query. */
export type OrderLoader = Loader<OrderId, OrderView>;

/** What is looked up by a key of its own, besides orders by their ids. */
export interface EntityLoaders {
  readonly cards: Loader<CardId, Card>;
  readonly cardHolders: Loader<CardHolderId, CardHolder>;
  /** Only contacts that the provider has made. */
  readonly cardContacts: Loader<CardContactId, CardContact>;
  /** Orders by the caller's numbers. */
  readonly ordersByNo: Loader<string, OrderView>;
}

/** Collects the histories that one request asks for and reads those of one shape in one query. */
export interface EventLoader {
  /** Up to `page.first + 1` events, oldest first. */
  load(id: OrderId, page: EventPage): Promise<readonly OrderEvent[]>;
}

/** What every resolver is given with a request. */
export interface RequestContext {
  /** Who asks, whose data they may see and change, and what they may do. */
  readonly identity: Identity;
  /** Names the request in logs and errors. */
  readonly requestId: string;
  readonly orders: OrderLoader;
  readonly events: EventLoader;
  readonly entities: EntityLoaders;
  /** The order as it stands and then every change; null when the tenant has none such. */
  watch(by: WatchedBy): Promise<AsyncIterableIterator<OrderView, undefined> | null>;
}
