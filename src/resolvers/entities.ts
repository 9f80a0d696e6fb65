import { demand } from "../domain/identity.js";
import { isCardContactId, isCardHolderId, isCardId, isOrderId } from "../domain/ids.js";
import { neededFor } from "../schema/access.js";
import { ORDER_NO } from "../schema/inputs.js";
import type { EntityType } from "../schema/node.type.js";
import type { RequestContext } from "./context.js";
import { presentCard, presentContact, presentOrder } from "./present.js";

/**
 * Reads one entity as GraphQL shows it; null when the tenant has none such, or when nothing could be named so. Rejects
 * with `Forbidden` when the caller lacks the scope for its type.
 */
export type EntityRead = (context: RequestContext, key: string) => Promise<object | null>;

/** How the entity of each type is read by its id. An id of another type, or of another shape, is not looked up. */
export const READ_BY_ID: Readonly<Record<EntityType, EntityRead>> = {
  Card: guarded("Card", async ({ entities }, id) =>
    presented(isCardId(id) ? await entities.cards.load(id) : null, presentCard),
  ),
  CardHolder: guarded("CardHolder", async ({ entities }, id) =>
    isCardHolderId(id) ? entities.cardHolders.load(id) : null,
  ),
  CardContact: guarded("CardContact", async ({ entities }, id) =>
    presented(isCardContactId(id) ? await entities.cardContacts.load(id) : null, presentContact),
  ),
  CardOrder: guarded("CardOrder", async ({ orders }, id) =>
    presented(isOrderId(id) ? await orders.load(id) : null, presentOrder),
  ),
};

/** How an order is read by the caller's number. */
export const readOrderByNo: EntityRead = guarded("CardOrder", async ({ entities }, orderNo) =>
  presented(ORDER_NO.test(orderNo) ? await entities.ordersByNo.load(orderNo) : null, presentOrder),
);

function guarded(type: EntityType, read: EntityRead): EntityRead {
  const scopes = neededFor(type);
  return async (context, key) => {
    for (const scope of scopes) demand(context.identity, scope);
    return read(context, key);
  };
}

function presented<Value>(value: Value | null, present: (value: Value) => object | null): object | null {
  return value && present(value);
}
