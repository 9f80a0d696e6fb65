import { type CardStatus, lifecycleOf } from "./card-status.js";
import type { OrderState } from "./order.js";

/** The order would take what its tenant has ordered today beyond the limit. */
export class SpendLimitReached extends Error {
  override readonly name = "SpendLimitReached";

  constructor() {
    super("the tenant's daily spend limit is reached");
  }
}

/**
 * Whether an order counts towards its tenant's limit. Only one that has failed with nothing spent does not: it has no
 * card, or one that never opened and was refunded. One that nobody is sure of counts.
 */
export function countsAsSpent(state: OrderState, cardStatus: CardStatus | null): boolean {
  if (state !== "FAILED") return true;
  return cardStatus !== null && lifecycleOf(cardStatus) !== "FAILED";
}
