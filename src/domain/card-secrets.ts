import type { CardStatus } from "./card-status.js";
import type { Secret } from "./secret.js";

/** What a card is paid with. Lives for one answer: never kept, never logged, never part of an error. */
export interface CardSecrets {
  /** 13 to 19 digits. */
  readonly number: string;
  /** 3 or 4 digits. */
  readonly cvc: string;
  /** 1 to 12. */
  readonly expMonth: number;
  readonly expYear: number;
  readonly holderName: string | null;
}

/** A card with its secrets, as the provider shows it at one moment. */
export interface RevealedCard {
  readonly status: CardStatus;
  /** Null while the provider has placeholders in their place. */
  readonly secrets: Secret<CardSecrets> | null;
}
