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

/** News of one order over the wire. */
export function orderSource(
  client: Client,
  streams: StreamClient,
  orderNo: string,
): OrderSource<FollowedOrderFragment> {
  return {
    read: () => readOrder(client, orderNo),
    pause,
    async *stream(signal) {
      const request = { query: stringifyDocument(FollowOrder), variables: { orderNo } };
      const results = streams.iterate<FollowOrderSubscription>(request);
      const leave = (): void => void results.return?.();
      signal.addEventListener("abort", leave, { once: true });
      try {
        for await (const { data, errors } of results) {
          if (!data) throw new Error(errors?.[0]?.message ?? "The stream sent nothing.");
          yield readFragment(FollowedOrder, data.cardOrderUpdated);
        }
      } finally {
        signal.removeEventListener("abort", leave);
      }
    },
  };
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    const early = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", early, { once: true });
    // A person who comes back to the page, or whose network does, is not to wait for the rest.
    window.addEventListener("online", early, { once: true, signal });
  });
}
