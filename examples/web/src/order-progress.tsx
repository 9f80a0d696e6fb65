import type { ReactNode } from "react";
import { adviceFor } from "./advice.js";
import { RefusalNote } from "./field-errors.js";
import type { Channel } from "./follow-order.js";
import type { FollowedOrderFragment } from "./generated/graphql.js";
import { graphql, readFragment } from "./generated/index.js";
import { headlineOf, type StageState, stagesOf } from "./stages.js";

/** What is shown of an order that is followed. */
export const FollowedOrder = graphql(`
  fragment FollowedOrder on CardOrder {
    orderNo
    state
    failure {
      ...RefusalNote
    }
    card {
      id
      status
      ...CardFace
    }
  }
`);

const STATES: Readonly<Record<StageState, string>> = {
  done: "done",
  current: "under way",
  held: "held up",
  failed: "failed",
  waiting: "to come",
};

const CHANNELS: Readonly<Record<Channel, string>> = {
  stream: "Live: every change is shown as it happens.",
  polling: "The live connection broke; asking every few seconds until it is back.",
  offline: "The server cannot be reached just now. Your order is safe; trying again.",
};

/** The way of an order to a usable card, and where it stands on it. Without an order: the way that it will go. */
export function OrderProgress(props: {
  readonly order: FollowedOrderFragment | null;
  readonly channel: Channel | null;
}): ReactNode {
  const { order, channel } = props;
  const failure = readFragment(RefusalNote, order?.failure ?? null);
  const stages = stagesOf(order && { state: order.state, status: order.card?.status ?? null });
  return (
    <div className="progress">
      <p role="status" className="headline">
        {order ? headlineOf(order.state) : "What happens after you order"}
      </p>
      <ol>
        {stages.map(({ label, state }) => (
          <li key={label} className={state} aria-current={state === "current" ? "step" : undefined}>
            {label}
            <span className="unseen"> ({STATES[state]})</span>
          </li>
        ))}
      </ol>
      {failure && (
        <p className="note problem">
          {failure.message} {adviceFor(failure.code)}
        </p>
      )}
      {order && channel && <p className={`channel ${channel}`}>{CHANNELS[channel]}</p>}
      {order && (
        <p className="quiet">
          Order <code>{order.orderNo}</code>
        </p>
      )}
    </div>
  );
}
