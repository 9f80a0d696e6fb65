import type { OrderState } from "./order.js";

/** When orders are looked at again. All times in milliseconds. */
export interface DuePolicy {
  /** Delays between polls of an opening card, the last one repeating. */
  readonly scheduleMs: readonly number[];
  /** How long an unconfirmed order waits for evidence before a person has to look. */
  readonly reviewAfterMs: number;
  /** A number from 0 up to but not including 1; spreads the polls of many orders. */
  readonly random: () => number;
}

/** The delay before the next poll of an opening card that has been polled `attempts` times, give or take a tenth. */
export function pollDelayMs(policy: DuePolicy, attempts: number): number {
  const { scheduleMs, random } = policy;
  const base = scheduleMs[Math.min(attempts, scheduleMs.length - 1)] ?? 5_000;
  return Math.round(base * (0.9 + 0.2 * random()));
}

/** When an order that has just come into a state is to be looked at by itself; null: only when something happens. */
export function dueAfterMoveMs(policy: DuePolicy, state: OrderState): number | null {
  switch (state) {
    case "INTENT":
    case "ACCEPTED":
      return pollDelayMs(policy, 0);
    case "UNCONFIRMED":
      return policy.reviewAfterMs;
    case "SENDING":
    case "COMPLETED":
    case "FAILED":
    case "NEEDS_REVIEW":
      return null;
  }
}
