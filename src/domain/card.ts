import type { CardStatus } from "./card-status.js";

/** A cardholder as the provider describes it; every part may be unknown while the card is opening. */
export interface CardHolderSnapshot {
  readonly providerCardHolderId: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly holderName: string | null;
  readonly street: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly country: string | null;
  readonly zipCode: string | null;
}

/**
 * A card as the provider describes it at one moment, in our words. There is no field for the full number or the
 * CVC: an adapter drops both before it builds one of these. The provider's placeholders are null here.
 */
export interface CardSnapshot {
  readonly providerCardId: string;
  readonly providerUserId: string | null;
  readonly cardSeqNo: string | null;
  /** Our caller's own id for the customer, as echoed by the provider. */
  readonly customerId: string | null;
  readonly status: CardStatus;
  /** The provider's text for the status, as it came, at most 64 characters. */
  readonly providerStatus: string;
  readonly statusText: string | null;
  readonly cardHolder: CardHolderSnapshot;
  /** First six digits of the card number. */
  readonly bin: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  /** Total loaded, minor units. */
  readonly depositMinor: number;
  /** Total spent, minor units. */
  readonly consumeMinor: number;
  /** What is left, minor units. */
  readonly balanceMinor: number;
  readonly currency: string;
  readonly tags: readonly string[];
  readonly openedAt: Date | null;
}
