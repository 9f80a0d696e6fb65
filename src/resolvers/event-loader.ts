import DataLoader from "dataloader";
import type { Caller } from "../domain/identity.js";
import type { OrderId } from "../domain/ids.js";
import type { EventPage, OrderEvent } from "../domain/order-event.js";
import type { ReadCards } from "../services/read-cards.js";
import type { EventLoader } from "./context.js";

/** Collects the histories that one request asks for, one query for each shape of page that is asked. */
export function createEventLoader(caller: Caller, readCards: ReadCards): EventLoader {
  const loaders = new Map<string, DataLoader<OrderId, readonly OrderEvent[]>>();
  return {
    load: (id, page) => {
      const shape = `${page.first} ${page.after} ${page.ofCard}`;
      const loader = loaders.get(shape) ?? newLoader(caller, readCards, page);
      loaders.set(shape, loader);
      return loader.load(id);
    },
  };
}

function newLoader(caller: Caller, readCards: ReadCards, page: EventPage): DataLoader<OrderId, readonly OrderEvent[]> {
  return new DataLoader(async (ids) => {
    const pages = await readCards.eventsOf(caller, ids, page);
    return ids.map((id) => pages.get(id) ?? []);
  });
}
