import { describe, expect, it } from "vitest";
import { followOrder, type OrderSource } from "../../examples/web/src/follow-order.js";
import type { CardOrderState } from "../../examples/web/src/generated/graphql.js";

interface Order {
  readonly state: CardOrderState;
}
const order = (state: CardOrderState): Order => ({ state });

/** What the source does at each try: the orders that its stream sends before it breaks, and what a reading gives. */
interface Round {
  readonly streamed?: readonly CardOrderState[];
  /** Null: it cannot be reached. */
  readonly read?: CardOrderState | null;
}

/** Follows through the rounds, then ends. Gives what the watcher was told, and how long was waited each time. */
async function follow(rounds: readonly Round[]): Promise<{ told: string[]; waitedMs: number[] }> {
  const told: string[] = [];
  const waitedMs: number[] = [];
  const leaving = new AbortController();
  let at = 0;
  const source: OrderSource<Order> = {
    async *stream() {
      for (const state of rounds[at]?.streamed ?? []) yield order(state);
      throw new Error("broken");
    },
    read: async () => {
      const read = rounds[at]?.read ?? null;
      if (read === null) throw new Error("unreachable");
      return order(read);
    },
    pause: async (durationMs) => {
      waitedMs.push(durationMs);
      at += 1;
      if (at === rounds.length) leaving.abort();
    },
  };
  const watcher = {
    onOrder: ({ state }: Order) => void told.push(state),
    onChannel: (channel: string) => void told.push(channel),
  };
  await followOrder<Order>(source, watcher, leaving.signal);
  return { told, waitedMs };
}

describe("an order that is followed", () => {
  it("is streamed until it is settled, and asked for no more", async () => {
    const { told, waitedMs } = await follow([{ streamed: ["ACCEPTED", "COMPLETED"] }]);
    expect(told).toEqual(["stream", "ACCEPTED", "stream", "COMPLETED"]);
    expect(waitedMs).toEqual([]);
  });

  it("is asked for when the stream breaks, and streamed again after", async () => {
    const { told } = await follow([{ streamed: ["PENDING"], read: "ACCEPTED" }, { streamed: ["FAILED"] }]);
    expect(told).toEqual(["stream", "PENDING", "polling", "ACCEPTED", "stream", "FAILED"]);
  });

  it("is settled by an answer as well", async () => {
    const { told, waitedMs } = await follow([{ read: "COMPLETED" }]);
    expect(told).toEqual(["polling", "COMPLETED"]);
    expect(waitedMs).toEqual([]);
  });

  it("is asked for less and less often while nothing answers, and quickly again after news", async () => {
    const { told, waitedMs } = await follow([{}, {}, {}, {}, { streamed: ["ACCEPTED"] }, {}]);
    expect(waitedMs).toEqual([2_000, 4_000, 8_000, 15_000, 2_000, 4_000]);
    expect(told).toEqual([...Array(4).fill("offline"), "stream", "ACCEPTED", "offline", "offline"]);
  });

  it("goes on under review, which later news may settle", async () => {
    const { told } = await follow([{ read: "NEEDS_REVIEW" }, { streamed: ["NEEDS_REVIEW", "COMPLETED"] }]);
    expect(told.at(-1)).toBe("COMPLETED");
  });
});
