import { setTimeout as pause } from "node:timers/promises";
import { type Caller, demand } from "../domain/identity.js";
import type { OrderId } from "../domain/ids.js";
import type { OrderEvent } from "../domain/order-event.js";
import type { HistoryPlace, News, OrderFeed, PlacedView, WatchedBy } from "../domain/order-feed.js";
import { asOf, isVisible } from "../domain/order-history.js";
import type { OrderView } from "../domain/order-store.js";
import { Mailbox } from "./mailbox.js";

/** Changes that may wait for one watcher; an order has a dozen in its life. */
const MAX_WAITING = 500;
/** Orders whose news is read at a time. */
const BATCH = 500;
/** How long to wait after the database failed, before it is asked again. */
const AFTER_ERROR_MS = 500;

/** What {@link WatchOrders} works with. */
export interface WatchOrdersParts {
  readonly feed: OrderFeed;
  /** Told when news could not be read; it is read again. */
  readonly onError: (error: unknown) => void;
}

interface Watcher {
  /** The last event that the watcher has seen. */
  sequence: number;
  /** Whether only changes of the card are of interest. */
  readonly ofCard: boolean;
  readonly mailbox: Mailbox<OrderView>;
}

/** Everybody in this process who watches one order. */
interface Topic {
  /** The place in the order's history from which news is still to be read. */
  after: number;
  readonly watchers: Set<Watcher>;
}

/**
 * Shows orders to those who watch them: first as they stand, then every change that clients can see, each as it was,
 * in order, and none missed. What is told between processes is only that an order changed; the rest is read from its
 * history, once for all who watch it, so that nothing is lost with a message.
 */
export class WatchOrders {
  readonly #parts: WatchOrdersParts;
  readonly #topics = new Map<OrderId, Topic>();
  readonly #unread = new Set<OrderId>();
  #reading = false;
  #closed = false;

  constructor(parts: WatchOrdersParts) {
    this.#parts = parts;
  }

  /** How many watch, in this process. */
  get watchers(): number {
    let count = 0;
    for (const { watchers } of this.#topics.values()) count += watchers.size;
    return count;
  }

  /** The order as it stands, then as each change leaves it. Null when the tenant has none such; throws `Forbidden`. */
  async watch(caller: Caller, by: WatchedBy): Promise<AsyncIterableIterator<OrderView, undefined> | null> {
    demand(caller, "cards:read");
    const current = await this.#parts.feed.current(caller.tenant, by);
    if (!current) return null;
    const { view, sequence } = current;
    const orderId = view.order.id;
    const mailbox = new Mailbox<OrderView>({ limit: MAX_WAITING, onEnd: () => this.#leave(orderId, watcher) });
    const watcher: Watcher = { sequence, ofCard: "cardId" in by, mailbox };
    mailbox.push(view);
    if (this.#closed) mailbox.end();
    else this.#join(orderId, watcher);
    return mailbox;
  }

  /** Some orders changed, here or in another process. Ids of orders that nobody watches are passed over. */
  changed(orderIds: readonly string[]): void {
    for (const id of orderIds as readonly OrderId[]) if (this.#topics.has(id)) this.#unread.add(id);
    void this.#read();
  }

  /** Messages may have been missed: everything that is watched is read anew. */
  resume(): void {
    this.changed([...this.#topics.keys()]);
  }

  /** Ends everybody's watching. */
  close(): void {
    this.#closed = true;
    for (const { watchers } of [...this.#topics.values()]) for (const { mailbox } of [...watchers]) mailbox.end();
  }

  /** What happened between reading the order and joining its watchers is read once more. */
  #join(orderId: OrderId, watcher: Watcher): void {
    const topic = this.#topics.get(orderId) ?? { after: watcher.sequence, watchers: new Set() };
    topic.watchers.add(watcher);
    topic.after = Math.min(topic.after, watcher.sequence);
    this.#topics.set(orderId, topic);
    this.changed([orderId]);
  }

  #leave(orderId: OrderId, watcher: Watcher): void {
    const topic = this.#topics.get(orderId);
    topic?.watchers.delete(watcher);
    if (topic?.watchers.size === 0) this.#topics.delete(orderId);
  }

  /** One reader at a time; what changes meanwhile is read in its next round. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#unread.size > 0 && !this.#closed) {
      const places = this.#takeUnread();
      try {
        this.#tell(places, await this.#parts.feed.since(places));
      } catch (error) {
        for (const { orderId } of places) this.#unread.add(orderId);
        this.#parts.onError(error);
        await pause(AFTER_ERROR_MS);
      }
    }
    this.#reading = false;
  }

  #takeUnread(): readonly HistoryPlace[] {
    const places: HistoryPlace[] = [];
    for (const orderId of this.#unread) {
      if (places.length === BATCH) break;
      this.#unread.delete(orderId);
      const topic = this.#topics.get(orderId);
      if (topic) places.push({ orderId, after: topic.after });
    }
    return places;
  }

  #tell(places: readonly HistoryPlace[], { events, views }: News): void {
    const readFrom = new Map(places.map(({ orderId, after }) => [orderId, after]));
    for (const event of events) this.#show(event, readFrom.get(event.orderId) ?? 0, views.get(event.orderId));
    for (const [orderId, now] of views) {
      const topic = this.#topics.get(orderId);
      // A long history comes in stretches, and somebody who joined meanwhile may still miss what came before this one.
      if (topic && topic.after < now.sequence) this.changed([orderId]);
    }
  }

  #show(event: OrderEvent, readFrom: number, now: PlacedView | undefined): void {
    const topic = this.#topics.get(event.orderId);
    if (!topic || !now) return;
    const seen = isVisible(event) ? (event.sequence === now.sequence ? now.view : asOf(now.view, event)) : null;
    topic.after = event.sequence;
    for (const watcher of [...topic.watchers]) {
      if (watcher.sequence < readFrom) {
        // Joined during the read, further back in the history: the next one shows all of it.
        topic.after = Math.min(topic.after, watcher.sequence);
      } else if (watcher.sequence < event.sequence) {
        watcher.sequence = event.sequence;
        if (seen && (!watcher.ofCard || event.card?.changed)) watcher.mailbox.push(seen);
      }
    }
  }
}
