import type { OrderId } from "../domain/ids.js";
import type { OrderView } from "../domain/order-store.js";

/** Collects the orders that one request asks for and reads them in one query. */
export interface OrderLoader {
  load(id: OrderId): Promise<OrderView | null>;
}

/** What every resolver is given with a request. */
export interface RequestContext {
  /** Whose data this request may see and change. */
  readonly tenant: string;
  /** Names the request in logs and errors. */
  readonly requestId: string;
  readonly orders: OrderLoader;
}
