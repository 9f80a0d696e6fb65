import type { Identity } from "../domain/identity.js";
import type { WatchOrders } from "../services/watch-orders.js";
import type { RequestContext } from "./context.js";
import { createEntityLoaders, type EntityParts } from "./entity-loaders.js";
import { createEventLoader } from "./event-loader.js";
import { createOrderLoader } from "./order-loader.js";

/** The services that a context reads by. */
export interface ContextParts extends EntityParts {
  readonly watchOrders: WatchOrders;
}

/** What the resolvers are given with a request of this caller; nothing has been read by it yet. */
export function createRequestContext(identity: Identity, requestId: string, services: ContextParts): RequestContext {
  return {
    identity,
    requestId,
    orders: createOrderLoader(identity, services.readCards),
    events: createEventLoader(identity, services.readCards),
    entities: createEntityLoaders(identity, services),
    watch: (by) => services.watchOrders.watch(identity, by),
  };
}
