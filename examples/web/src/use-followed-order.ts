import type { Client as StreamClient } from "graphql-sse";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { type Channel, followOrder, isSettled } from "./follow-order.js";
import type { FollowedOrderFragment } from "./generated/graphql.js";
import { orderSource } from "./order-source.js";

/** An order as it stands now, and how news of it comes. Follows it for as long as the component is there. */
export function useFollowedOrder(
  first: FollowedOrderFragment,
  streams: StreamClient,
): { readonly order: FollowedOrderFragment; readonly channel: Channel } {
  const client = useClient();
  const [order, setOrder] = useState(first);
  const [channel, setChannel] = useState<Channel>("stream");
  const { orderNo } = first;
  const isOver = isSettled(first.state);
  useEffect(() => {
    if (isOver) return;
    const leaving = new AbortController();
    const watcher = { onOrder: setOrder, onChannel: setChannel };
    void followOrder<FollowedOrderFragment>(orderSource(client, streams, orderNo), watcher, leaving.signal);
    return () => leaving.abort();
  }, [client, streams, orderNo, isOver]);
  return { order, channel };
}
