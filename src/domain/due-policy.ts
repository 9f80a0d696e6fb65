import { type CardStatus, lifecycleOf } from "./card-status.js";
import type { OrderState } from "./order.js";

/** When orders are looked at again. All times in milliseconds. */
export interface DuePolicy {
  /** Delays between polls of an opening card, the last one repeating. */
  readonly scheduleMs: readonly number[];
  /** How long an order waits for what settles it before a person has to look. */
  readonly reviewAfterMs: number;
  /** How often a card that is open is looked at; 0: never. */
  readonly followMs: number;
  /** A number from 0 up to but not including 1; spreads the polls of many orders. */
  readonly random: () => number;
}

/** An order as far as it decides when it is looked at next. */
export interface DueFacts {
  readonly state: OrderState;
  /** The state of its card; null while none is known. */
  readonly cardStatus: CardStatus | null;
  /** How often it has been taken up since it last moved. */
  readonly attempts: number;
}

/** The delay before the next poll of an opening card that has been polled `attempts` times, give or take a tenth. */
export function pollDelayMs(policy: DuePolicy, attempts: number): number {
  const { scheduleMs } = policy;
  return jittered(policy, scheduleMs[Math.min(attempts, scheduleMs.length - 1)] ?? 5_000);
}

/** When an order is to be looked at again by itself; null: only when something happens to it. */
export function nextLookMs(policy: DuePolicy, { state, cardStatus, attempts }: DueFacts): number | null {
  switch (state) {
    case "INTENT":
    case "UNCONFIRMED":
    case "ACCEPTED":
      return pollDelayMs(policy, attempts);
    case "NEEDS_REVIEW":
      return isOpening(cardStatus) ? pollDelayMs(policy, attempts) : followDelayMs(policy, cardStatus);
    case "COMPLETED":
      return followDelayMs(policy, cardStatus);
    case "SENDING":
    case "FAILED":
      return null;
  }
}

/** Whether a card is on its way, or in a state that nobody knows. */
function isOpening(status: CardStatus | null): boolean {
  const lifecycle = status === null ? null : lifecycleOf(status);
  return lifecycle === "OPENING" || lifecycle === "UNKNOWN";
}

/** An open card is followed at a slow pace; one that is closed or was never opened is not. */
function followDelayMs(policy: DuePolicy, status: CardStatus | null): number | null {
  const lifecycle = status === null ? "FAILED" : lifecycleOf(status);
  const isOver = lifecycle === "CLOSED" || lifecycle === "FAILED";
  return isOver || policy.followMs === 0 ? null : jittered(policy, policy.followMs);
}

function jittered(policy: DuePolicy, baseMs: number): number {
  return Math.round(baseMs * (0.9 + 0.2 * policy.random()));
}
