import DataLoader from "dataloader";
import type { OrderId } from "../domain/ids.js";
import type { OrderView } from "../domain/order-store.js";
import type { ReadCards } from "../services/read-cards.js";
import type { OrderLoader } from "./context.js";

/** Collects the orders that one request asks for and reads them in one query; made once it is first needed. */
export function createOrderLoader(tenant: string, readCards: ReadCards): OrderLoader {
  let loader: DataLoader<OrderId, OrderView | null> | null = null;
  return {
    load: (id) => {
      loader ??= new DataLoader(async (ids) => {
        const views = await readCards.ordersByIds(tenant, ids);
        const byId = new Map(views.map((view) => [view.order.id, view]));
        return ids.map((wanted) => byId.get(wanted) ?? null);
      });
      return loader.load(id);
    },
  };
}
