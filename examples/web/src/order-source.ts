import type { Client as StreamClient } from "graphql-sse";
import { type Client, stringifyDocument } from "urql";
import type { OrderSource } from "./follow-order.js";
import type { FollowedOrderFragment, FollowOrderSubscription } from "./generated/graphql.js";
import { graphql, readFragment } from "./generated/index.js";
import { FollowedOrder } from "./order-progress.js";

const ReadOrder = graphql(`
  query ReadOrder($orderNo: String!) {
    cardOrder(orderNo: $orderNo) {
      ...FollowedOrder
    }
  }
`);

const FollowOrder = graphql(`
  subscription FollowOrder($orderNo: String!) {
    cardOrderUpdated(orderNo: $orderNo) {
      ...FollowedOrder
    }
  }
`);

/** The order as it stands; null when there is none of that number. Rejects when the server cannot say. */
export async function readOrder(client: Client, orderNo: string): Promise<FollowedOrderFragment | null> {
  const { data, error } = await client.query(ReadOrder, { orderNo }, { requestPolicy: "network-only" }).toPromise();
  if (error) throw error;
  return readFragment(FollowedOrder, data?.cardOrder ?? null);
}

/** A connection may be dead without anybody having said so: after so long without news it is given up for a new one. */
const QUIET_MS = 30_000;

/** News of one order over the wire. */
export function orderSource(
  client: Client,
  streams: StreamClient,
  orderNo: string,
): OrderSource<FollowedOrderFragment> {
  const request = { query: stringifyDocument(FollowOrder), variables: { orderNo } };
  return {
    read: () => readOrder(client, orderNo),
    pause,
    async *stream(signal) {
      let isQuiet = true;
      while (isQuiet) {
        isQuiet = false;
        const results = streams.iterate<FollowOrderSubscription>(request);
        const leave = (): void => void results.return?.();
        const giveUp = (): void => {
          isQuiet = !signal.aborted;
          leave();
        };
        let quiet = setTimeout(giveUp, QUIET_MS);
        signal.addEventListener("abort", leave, { once: true });
        try {
          for await (const { data, errors } of results) {
            if (!data) throw new Error(errors?.[0]?.message ?? "The stream sent nothing.");
            clearTimeout(quiet);
            quiet = setTimeout(giveUp, QUIET_MS);
            yield readFragment(FollowedOrder, data.cardOrderUpdated);
          }
        } finally {
          clearTimeout(quiet);
          signal.removeEventListener("abort", leave);
        }
      }
    },
  };
}

/** Waits; not for the rest of it when the signal says so, or when the network comes back. */
function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal.addEventListener("abort", end, { signal: over.signal });
    window.addEventListener("online", end, { signal: over.signal });
  });
}
