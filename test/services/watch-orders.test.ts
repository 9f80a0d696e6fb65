import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/domain/identity.js";
import type { OrderId } from "../../src/domain/ids.js";
import type { OrderEvent } from "../../src/domain/order-event.js";
import type { HistoryPlace, News, OrderFeed, PlacedView } from "../../src/domain/order-feed.js";
import type { OrderView } from "../../src/domain/order-store.js";
import { WatcherTooSlow } from "../../src/services/mailbox.js";
import { WatchOrders } from "../../src/services/watch-orders.js";

const READER: Caller = { tenant: "tenant", scopes: new Set(["cards:read"]) };

const ID = "ord_1" as OrderId;

/** A history in memory, whose readings a test can hold up: what races needs to be told when to go on. */
class HeldFeed implements OrderFeed {
  readonly events: OrderEvent[] = [];
  /** Resolved before each reading of news; replaced by a test that holds one up. */
  gate: () => Promise<void> = async () => undefined;
  failures = 0;
  readings = 0;

  happen(state: OrderEvent["state"]): void {
    const sequence = this.events.length + 1;
    const fromState = this.events.at(-1)?.state ?? null;
    const base = { orderId: ID, evidence: "poll", sends: 1, reviewReason: null, failure: null, note: null } as const;
    this.events.push({ ...base, sequence, fromState, state, card: null, at: new Date(sequence) });
  }

  async current(): Promise<PlacedView | null> {
    return this.events.length > 0 ? this.#now() : null;
  }

  async since(places: readonly HistoryPlace[]): Promise<News> {
    this.readings += 1;
    const after = places[0]?.after ?? 0;
    const events = this.events.filter(({ sequence }) => sequence > after);
    const now = this.#now();
    await this.gate();
    if (this.failures-- > 0) throw new Error("the database is away");
    return { events, views: new Map(events.length > 0 ? [[ID, now]] : []) };
  }

  #now(): PlacedView {
    const { state = "INTENT", sequence = 0 } = this.events.at(-1) ?? {};
    const order = { id: ID, state, sends: 1, updatedAt: new Date(sequence) };
    return { view: { order, card: null } as unknown as OrderView, sequence };
  }
}

function stage() {
  const feed = new HeldFeed();
  const errors: unknown[] = [];
  const watch = new WatchOrders({ feed, onError: (error) => void errors.push(error) });
  const follow = async () => {
    const stream = await watch.watch(READER, { orderNo: "1" });
    if (!stream) throw new Error("nothing to follow");
    return stream;
  };
  return { feed, errors, watch, follow };
}

/** The next few states that a follower is shown. */
async function take(stream: AsyncIterator<OrderView, undefined>, count: number): Promise<string[]> {
  const states: string[] = [];
  while (states.length < count) {
    const { done, value } = await stream.next();
    if (done) break;
    states.push(value.order.state);
  }
  return states;
}

describe("somebody who follows an order", () => {
  it("is shown it as it stands, then each change as it was, however many come at once", async () => {
    const { feed, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const stream = await follow();
    expect(await take(stream, 1)).toEqual(["UNCONFIRMED"]);
    for (const state of ["ACCEPTED", "COMPLETED", "NEEDS_REVIEW"] as const) feed.happen(state);
    watch.changed([ID]);
    expect(await take(stream, 3)).toEqual(["ACCEPTED", "COMPLETED", "NEEDS_REVIEW"]);
  });

  it("misses nothing between reading the order and following it, though nobody announces it", async () => {
    const { feed, follow } = stage();
    feed.happen("UNCONFIRMED");
    const { current } = feed;
    feed.current = async () => {
      const seen = await current.call(feed);
      feed.happen("ACCEPTED");
      return seen;
    };
    expect(await take(await follow(), 2)).toEqual(["UNCONFIRMED", "ACCEPTED"]);
  });

  it("who joins further back during a reading is shown all of it, and the others nothing twice", async () => {
    const { feed, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const early = await feed.current();
    const first = await follow();
    await take(first, 1);
    feed.happen("ACCEPTED");
    watch.changed([ID]);
    await take(first, 1);
    // A reading from here on is held up; somebody who read the order long ago joins meanwhile.
    let goOn = (): void => undefined;
    feed.gate = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    feed.happen("COMPLETED");
    watch.changed([ID]);
    await expect.poll(() => feed.readings).toBeGreaterThan(2);
    const { current } = feed;
    feed.current = async () => early;
    const second = await follow();
    feed.current = current;
    feed.gate = async () => undefined;
    goOn();
    expect(await take(second, 3)).toEqual(["UNCONFIRMED", "ACCEPTED", "COMPLETED"]);
    expect(await take(first, 1)).toEqual(["COMPLETED"]);
    feed.happen("NEEDS_REVIEW");
    watch.changed([ID]);
    expect([await take(first, 1), await take(second, 1)]).toEqual([["NEEDS_REVIEW"], ["NEEDS_REVIEW"]]);
  });

  it("is shown what was missed once messages come again", async () => {
    const { feed, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const stream = await follow();
    await take(stream, 1);
    feed.happen("ACCEPTED");
    watch.resume();
    expect(await take(stream, 1)).toEqual(["ACCEPTED"]);
  });

  it("is shown it after all when the database was away for a while", async () => {
    const { feed, errors, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const stream = await follow();
    await take(stream, 1);
    feed.failures = 1;
    feed.happen("ACCEPTED");
    watch.changed([ID]);
    expect(await take(stream, 1)).toEqual(["ACCEPTED"]);
    expect(errors).toHaveLength(1);
  });

  it("leaves nothing behind, even while waiting for the next change", async () => {
    const { feed, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const stream = await follow();
    await take(stream, 1);
    expect(watch.watchers).toBe(1);
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(watch.watchers).toBe(0);
    const before = feed.readings;
    watch.changed([ID]);
    expect(feed.readings).toBe(before);
  });

  it("is let go when the server closes, and whoever comes then is shown the order and let go", async () => {
    const { feed, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const stream = await follow();
    await take(stream, 1);
    watch.close();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(await take(await follow(), 2)).toEqual(["UNCONFIRMED"]);
  });

  it("who reads nothing is told so at last, instead of being kept for without end", async () => {
    const { feed, watch, follow } = stage();
    feed.happen("UNCONFIRMED");
    const stream = await follow();
    for (let index = 0; index < 600; index++) feed.happen(index % 2 ? "UNCONFIRMED" : "ACCEPTED");
    watch.changed([ID]);
    await expect.poll(() => watch.watchers).toBe(0);
    await expect(take(stream, 1)).rejects.toThrow(WatcherTooSlow);
  });

  it("is told when there is no such order", async () => {
    expect(await stage().watch.watch(READER, { orderNo: "none" })).toBeNull();
  });
});
