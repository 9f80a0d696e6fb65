import type { Caller } from "../domain/identity.js";
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
export function createEntityLoaders(caller: Caller, { readCards, createCardContact }: EntityParts): EntityLoaders {
  return {
    cards: createLoader(
      (ids) => readCards.cardsByIds(caller, ids),
      ({ id }) => id,
    ),
    cardHolders: createLoader(
      (ids) => readCards.cardHoldersByIds(caller, ids),
      ({ id }) => id,
    ),
    cardContacts: createLoader(
      (ids) => createCardContact.byIds(caller, ids),
      ({ id }) => id,
    ),
    ordersByNo: createLoader(
      (orderNos) => readCards.ordersByNos(caller, orderNos),
      ({ order }) => order.orderNo,
    ),
  };
}
