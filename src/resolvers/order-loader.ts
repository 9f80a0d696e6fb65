import type { Caller } from "../domain/identity.js";
import type { ReadCards } from "../services/read-cards.js";
import type { OrderLoader } from "./context.js";
import { createLoader } from "./loader.js";

/** Collects the orders that one request asks for and reads them in one query. */
export function createOrderLoader(caller: Caller, readCards: ReadCards): OrderLoader {
  return createLoader(
    (ids) => readCards.ordersByIds(caller, ids),
    ({ order }) => order.id,
  );
}
