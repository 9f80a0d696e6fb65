import { type Kysely, sql } from "kysely";
import type { CardSnapshot } from "../domain/card.js";
import type { OrderId } from "../domain/ids.js";
import type { CardOrder } from "../domain/order.js";
import { type Evidence, fits } from "../domain/order-transition.js";
import { emptied } from "./personal.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

interface OwnerRow {
  readonly order_id: string;
  readonly linked_by: string | null;
  readonly is_for_a_person: boolean;
}

/** The order that a card is written under, and what first tied the two together. */
const OWNER_OF_CARD = new Statement<OwnerRow>(
  inSql(sql`
    select cards.order_id, (
      select evidence from order_events
      where order_events.order_id = cards.order_id and card_changed order by order_events.id limit 1
    ) as linked_by, (
      card_orders.state = 'NEEDS_REVIEW' and card_orders.review_reason is distinct from 'NO_EVIDENCE'
    ) as is_for_a_person
    from cards join card_orders on card_orders.id = cards.order_id
    where cards.provider = ${param("provider")} and cards.provider_card_id = ${param("providerCardId")}
  `),
);

/** Of a card that was another tenant's nothing personal is kept: it is that tenant's, and sealed for them. */
const HAND_OVER = new Statement<never>(
  inSql(sql`
    with handed as (
      update cards set order_id = ${param("orderId")}, tenant = ${param("tenant")}, updated_at = now()
      where provider = ${param("provider")} and provider_card_id = ${param("providerCardId")}
      returning card_holder_id
    )
    update card_holders set
      tenant = ${param("tenant")}, ${emptied("card_holders")}
    where id = (select card_holder_id from handed) and tenant <> ${param("tenant")}
  `),
);

/** Another order that a card is written under. */
export interface CardOwner {
  readonly orderId: OrderId;
  /** Whether nothing but a callback has said that the card is that order's, and no person looks at it yet. */
  readonly isDoubtful: boolean;
  readonly isForAPerson: boolean;
}

/** The other order that has the card which the evidence names; null when there is none. */
export async function otherOwner(trx: Kysely<Tables>, order: CardOrder, evidence: Evidence): Promise<CardOwner | null> {
  const card = cardOf(evidence);
  if (!card) return null;
  const { providerCardId } = card;
  const row = await OWNER_OF_CARD.first(trx, { provider: order.provider, providerCardId });
  if (!row || row.order_id === order.id) return null;
  return {
    orderId: row.order_id as OrderId,
    isDoubtful: row.linked_by === "callback" && !row.is_for_a_person,
    isForAPerson: row.is_for_a_person,
  };
}

/**
 * Whether the evidence is as good a claim to the card as the one that its owner has: that of an order without a card,
 * or of one that is in review and may have the wrong one. A person's word is better, for an order that has no card.
 */
export function contests(order: CardOrder, evidence: Evidence, owner: CardOwner | null): boolean {
  const card = cardOf(evidence);
  if (!owner?.isDoubtful || card === null) return false;
  const [isBare, isInReview] = [order.cardId === null, order.state === "NEEDS_REVIEW"];
  const mayClaim = evidence.kind === "settled_by_hand" ? isBare && isInReview : isBare || isInReview;
  const { deposit, customerId } = order.request;
  return mayClaim && fits({ deposit, customerId }, card);
}

/** Writes a card under another order: a person said so, and the order that had it is for a person too. */
export async function handOver(trx: Kysely<Tables>, order: CardOrder, { providerCardId }: CardSnapshot): Promise<void> {
  await HAND_OVER.run(trx, { orderId: order.id, tenant: order.tenant, provider: order.provider, providerCardId });
}

/** The card that a piece of evidence describes, if it describes one. */
export function cardOf(evidence: Evidence): CardSnapshot | null {
  return evidence.kind === "card" || evidence.kind === "settled_by_hand" ? evidence.card : null;
}
