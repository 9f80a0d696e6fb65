import type { DueFacts } from "../domain/due-policy.js";
import { publicState } from "../domain/order.js";
import type { OrderView } from "../domain/order-store.js";
import type { Evidence, Transition } from "../domain/order-transition.js";
import type { WrittenCard } from "./card-writer.js";
import type { Parameters } from "./statement.js";

/** Everything that a piece of evidence does, before it is written. */
export interface Change {
  readonly before: OrderView;
  readonly next: Transition;
  readonly written: {
    readonly card: Omit<NonNullable<WrittenCard["card"]>, "createdAt" | "updatedAt"> | null;
    readonly changed: boolean;
  };
  /** Whether the order itself moves, and not only its card. */
  readonly moves: boolean;
  readonly evidence: Evidence;
  readonly note: string | null;
  /** How often the order was taken up since it last moved. */
  readonly attempts: number;
}

/** Whether clients can see the change: an order that is sent, or turns out unsent, is PENDING all the while. */
export function isVisible({ before, next, written }: Change): boolean {
  const { state, sends } = before.order;
  return written.changed || publicState(state, sends) !== publicState(next.state, sends);
}

/**
 * The change as values of the statements that move an order. None goes by the name of something else that is said of
 * a card: one of the statements writes the card too.
 */
export function valuesOf(change: Change, dueMs: (facts: DueFacts) => number | null, messageId: string): Parameters {
  const { before, next, written, moves, evidence, note, attempts } = change;
  const { card } = written;
  const keepsAttempts = next.state === "INTENT" || next.state === "UNCONFIRMED";
  const dueFacts = { state: next.state, cardStatus: card?.status ?? null, attempts: keepsAttempts ? attempts : 0 };
  return {
    id: before.order.id,
    from: before.order.state,
    toState: next.state,
    reviewReason: next.reviewReason,
    failureCode: next.failure?.code ?? null,
    failureProviderCode: next.failure?.providerCode ?? null,
    failureField: next.failure?.field ?? null,
    unsent: next.unsent ? 1 : 0,
    lastSend: next.lastSend,
    keepsAttempts,
    moves,
    dueMs: dueMs(dueFacts),
    evidence: evidence.kind === "card" ? evidence.source : evidence.kind,
    note,
    cardChanged: written.changed,
    cardStatus: card?.status ?? null,
    providerStatus: card?.providerStatus ?? null,
    cardDepositMinor: card?.depositMinor ?? null,
    consumeMinor: card?.consumeMinor ?? null,
    balanceMinor: card?.balanceMinor ?? null,
    cardCurrency: card?.currency ?? null,
    visible: isVisible(change),
    messageId,
  };
}
