import type { Client as StreamClient } from "graphql-sse";
import { type ReactNode, useEffect, useRef } from "react";
import { CardFace } from "./card-face.js";
import { isSettled } from "./follow-order.js";
import type { FollowedOrderFragment } from "./generated/graphql.js";
import { OrderForm } from "./order-form.js";
import type { OrderNumber } from "./order-number.js";
import { OrderProgress } from "./order-progress.js";
import { ProblemNote } from "./problem-note.js";
import { useFollowedOrder } from "./use-followed-order.js";
import { useIssuing } from "./use-issuing.js";

/** Orders one card, and follows it. `onNews` is called when the list of cards has become another one. */
export function IssuePanel(props: {
  readonly orderNumber: OrderNumber;
  readonly streams: StreamClient;
  readonly locale: string;
  readonly onNews: () => void;
}): ReactNode {
  const { locale, orderNumber, streams, onNews } = props;
  const desk = useIssuing(orderNumber);
  const { issuing } = desk;
  if (issuing.kind === "looking") return <p className="quiet">Looking for your order…</p>;
  if (issuing.kind === "placed") {
    const { order, remarks } = issuing;
    const rest = { streams, locale, onNews, remarks };
    return <PlacedOrder key={order.orderNo} first={order} {...rest} onAnother={desk.startAnother} />;
  }
  const isUnclear = issuing.kind === "unclear";
  const errors = issuing.kind === "editing" ? issuing.errors : NOTHING_WRONG;
  return (
    <div className="columns">
      <OrderForm
        locale={locale}
        errors={errors}
        isLocked={issuing.kind !== "editing"}
        onSubmit={desk.send}
        onPressAgain={desk.retry}
        onFault={(path, message) => desk.correct({ byPath: new Map([[path, [message]]]), rest: [] })}
      >
        {errors.rest.map((fault) => (
          <p key={fault} className="note problem" role="alert">
            {fault}
          </p>
        ))}
        {isUnclear && (
          <ProblemNote problem={issuing.problem}>
            <p>
              Your order may have been placed. Trying again is safe: it keeps its number, so there is one card at most.
            </p>
          </ProblemNote>
        )}
        <div className="actions">
          <button type="submit" aria-disabled={issuing.kind === "sending"}>
            {BUTTON[issuing.kind]}
          </button>
          {isUnclear && (
            <button type="button" className="secondary" onClick={desk.look}>
              Change the details
            </button>
          )}
        </div>
      </OrderForm>
      <OrderProgress order={null} channel={null} />
    </div>
  );
}

/** One button for all of it: to press it again is to send the same order again, never to place a second one. */
const BUTTON = { editing: "Issue the card", sending: "Placing the order…", unclear: "Try again" } as const;

const NOTHING_WRONG = { byPath: new Map(), rest: [] } as const;

function PlacedOrder(props: {
  readonly first: FollowedOrderFragment;
  readonly remarks: readonly string[];
  readonly streams: StreamClient;
  readonly locale: string;
  readonly onNews: () => void;
  readonly onAnother: () => void;
}): ReactNode {
  const { onNews } = props;
  const { order, channel } = useFollowedOrder(props.first, props.streams);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const news = `${order.card?.id} ${order.card?.status}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the news that the list is to be read anew for.
  useEffect(onNews, [news, onNews]);
  const isOver = isSettled(order.state);
  return (
    <section className="columns" ref={panel} tabIndex={-1} aria-label="Your order">
      <div className="placed">
        {order.card ? <CardFace card={order.card} locale={props.locale} /> : <div className="card blank" />}
        {props.remarks.map((remark) => (
          <p key={remark} className="note">
            {remark}
          </p>
        ))}
        {isOver && (
          <div className="actions">
            <button type="button" onClick={props.onAnother}>
              Issue another card
            </button>
          </div>
        )}
      </div>
      <OrderProgress order={order} channel={isOver ? null : channel} />
    </section>
  );
}
