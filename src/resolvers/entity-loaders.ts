import type { CreateCardContact } from "../services/create-card-contact.js";
import type { ReadCards } from "../services/read-cards.js";
import type { EntityLoaders } from "./context.js";
import { createLoader } from "./loader.js";

/** The services that entities are read by. */
export interface EntityParts {
  readonly readCards: ReadCards;
  readonly createCardContact: CreateCardContact;
}

/** Collects what one request looks up by its keys: one query for each type and key. */
export function createEntityLoaders(tenant: string, { readCards, createCardContact }: EntityParts): EntityLoaders {
  return {
    cards: createLoader(
      (ids) => readCards.cardsByIds(tenant, ids),
      ({ id }) => id,
    ),
    cardHolders: createLoader(
      (ids) => readCards.cardHoldersByIds(tenant, ids),
      ({ id }) => id,
    ),
    cardContacts: createLoader(
      (ids) => createCardContact.byIds(tenant, ids),
      ({ id }) => id,
    ),
    ordersByNo: createLoader(
      (orderNos) => readCards.ordersByNos(tenant, orderNos),
      ({ order }) => order.orderNo,
    ),
  };
}
