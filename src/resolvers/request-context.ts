import type { Identity } from "../domain/identity.js";
import type { WatchedBy } from "../domain/order-feed.js";
import type { OrderView } from "../domain/order-store.js";
import type { WatchOrders } from "../services/watch-orders.js";
import type { EntityLoaders, EventLoader, OrderLoader, RequestContext } from "./context.js";
import { createEntityLoaders, type EntityParts } from "./entity-loaders.js";
import { createEventLoader } from "./event-loader.js";
import { createOrderLoader } from "./order-loader.js";

/** The services that a context reads by. */
export interface ContextParts extends EntityParts {
  readonly watchOrders: WatchOrders;
}

/** What the resolvers are given with a request of this caller; nothing has been read by it yet. */
export function createRequestContext(identity: Identity, requestId: string, services: ContextParts): RequestContext {
  return new FreshContext(identity, requestId, services);
}

/**
 * Makes what reads when it is first asked for: of most requests little is. Its fields are plain ones, since Apollo
 * Server copies a context for each execution.
 */
class FreshContext implements RequestContext {
  private ordersRead: OrderLoader | null = null;
  private eventsRead: EventLoader | null = null;
  private entitiesRead: EntityLoaders | null = null;

  constructor(
    readonly identity: Identity,
    readonly requestId: string,
    private readonly services: ContextParts,
  ) {}

  get orders(): OrderLoader {
    this.ordersRead ??= createOrderLoader(this.identity, this.services.readCards);
    return this.ordersRead;
  }

  get events(): EventLoader {
    this.eventsRead ??= createEventLoader(this.identity, this.services.readCards);
    return this.eventsRead;
  }

  get entities(): EntityLoaders {
    this.entitiesRead ??= createEntityLoaders(this.identity, this.services);
    return this.entitiesRead;
  }

  watch(by: WatchedBy): Promise<AsyncIterableIterator<OrderView, undefined> | null> {
    return this.services.watchOrders.watch(this.identity, by);
  }
}
