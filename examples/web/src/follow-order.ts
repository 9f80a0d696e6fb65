import type { CardOrderState } from "./generated/graphql.js";

/** How news of an order comes: as a stream, by asking now and then, or not at all for the moment. */
export type Channel = "stream" | "polling" | "offline";

/** Where news of one order comes from. */
export interface OrderSource<Order> {
  /** The order as it stands, then as every change leaves it. Ends or throws when the stream breaks. */
  stream(signal: AbortSignal): AsyncIterable<Order>;
  /** The order as it stands; null when there is none. Rejects when it cannot be asked for. */
  read(): Promise<Order | null>;
  /** Waits; resolves early, and never rejects, when the signal says so. */
  pause(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** Who is told the news. */
export interface OrderWatcher<Order> {
  onOrder(order: Order): void;
  onChannel(channel: Channel): void;
}

const POLL_MS = 2_000;
const POLL_MOST_MS = 15_000;

/** Whether nothing will happen to an order any more by itself. `NEEDS_REVIEW` may still be settled. */
export function isSettled(state: CardOrderState): boolean {
  return state === "COMPLETED" || state === "FAILED";
}

/**
 * Follows an order until it is settled or the signal says to stop. While the stream is broken the order is asked for
 * instead, less and less often, and each time the stream is tried again: its first event is the present state, so
 * nothing is missed between the two.
 */
export async function followOrder<Order extends { readonly state: CardOrderState }>(
  source: OrderSource<Order>,
  watcher: OrderWatcher<Order>,
  signal: AbortSignal,
): Promise<void> {
  for (let misses = 0; !signal.aborted; misses += 1) {
    try {
      for await (const order of source.stream(signal)) {
        misses = 0;
        watcher.onChannel("stream");
        watcher.onOrder(order);
        if (isSettled(order.state)) return;
      }
    } catch {
      // Why it broke makes no difference: what follows makes it good.
    }
    if (signal.aborted) return;
    const order = await source.read().catch(() => null);
    if (signal.aborted) return;
    watcher.onChannel(order === null ? "offline" : "polling");
    if (order !== null) {
      watcher.onOrder(order);
      if (isSettled(order.state)) return;
    }
    await source.pause(Math.min(POLL_MS * 2 ** misses, POLL_MOST_MS), signal);
  }
}
