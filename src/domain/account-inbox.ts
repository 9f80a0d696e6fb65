import type { ProviderCode } from "./provider-code.js";

/** How many things one event may concern. */
export const MAX_EVENT_TARGETS = 100;

/** One thing that an event concerns: an order, a card, or all cards of one of the provider's users. */
export interface EventTarget {
  /** Same event about the same thing, same key. */
  readonly dedupeKey: string;
  readonly orderNo: string | null;
  readonly providerCardId: string | null;
  /** Null unless every card of that user is concerned. */
  readonly providerUserId: string | null;
}

/**
 * An event that came to the address of a whole account, with card numbers and CVCs removed. What it concerns may be
 * known here, may become known later, or may be nothing of ours.
 */
export interface AccountEvent {
  readonly provider: ProviderCode;
  readonly eventType: string;
  /** At least one, {@link MAX_EVENT_TARGETS} at most. */
  readonly targets: readonly EventTarget[];
  /** The event's fields that may be stored: no card number, CVC or holder's data. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * What became of an event to an account's address: `stored` when an order of ours was made due by it, `unlinked` when
 * nothing that it concerns is known here yet, so that it waits; `duplicate` when it was stored before.
 */
export type AccountEventOutcome = "stored" | "unlinked" | "duplicate";

/** Where events to an account's address are kept, and find their orders, at once or later. */
export interface AccountInbox {
  /**
   * Stores an event and makes due the orders that it concerns. Whatever it resolves or throws with, what was stored by
   * then is linked sooner or later.
   */
  receive(event: AccountEvent): Promise<AccountEventOutcome>;
  /**
   * Looks through a stretch of the events that wait, the next one at each call, for those whose order or card has
   * appeared. Resolves with how many found theirs. Any number of processes may call it.
   */
  linkWaiting(): Promise<number>;
}
