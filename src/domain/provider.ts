import type { CardSnapshot } from "./card.js";
import type { RevealedCard } from "./card-secrets.js";
import type { Money } from "./money.js";
import type { ProviderCode } from "./provider-code.js";

/** What a provider needs to make a card contact. Values are checked before they come here. */
export interface CreateCardContactRequest {
  readonly firstName: string;
  readonly lastName: string;
  /** E.164, with its plus sign. */
  readonly mobile: string;
  readonly email: string;
  readonly language: string | null;
}

/** What a provider answers once it has made a card contact. */
export interface CreatedCardContact {
  /** The provider's id of the contact, as text whatever its type on the wire. */
  readonly providerContactId: string;
}

/** What a provider needs to open a virtual card. Values are checked before they come here. */
export interface CreateVirtualCardRequest {
  /** The order number on the provider's side, unique for ever; the provider's only idempotency handle. */
  readonly orderNo: string;
  readonly cardRangeId: string;
  readonly deposit: Money;
  readonly cardHolder: { readonly firstName: string; readonly lastName: string } | null;
  /** The end user's address; already the configured one where the caller gave none. */
  readonly email: string | null;
  readonly customerId: string | null;
  /** Token of this order's callback address; unguessable. */
  readonly callbackToken: string;
}

/** Which card to read. */
export interface ReadCardRequest {
  readonly providerCardId: string;
  /** The end user's address that the card was opened with. */
  readonly email: string | null;
}

/** A range of card numbers that cards can be opened from. */
export interface CardRange {
  /** What `createVirtualCard` takes as `cardRangeId`. */
  readonly id: string;
  readonly bin: string | null;
  readonly description: string | null;
  readonly cardCount: number | null;
  readonly activeCardCount: number | null;
  /** The range's own least first deposit; the issuer's general limits apply besides. */
  readonly minDeposit: Money | null;
  /** Funds behind this range, where the provider tells. */
  readonly accountBalance: Money | null;
}

/** What the provider asks about the end user's e-mail address. */
export interface EmailPolicy {
  readonly required: boolean;
  /** The configured address that stands in where the caller gives none. */
  readonly fallback: string | null;
}

/**
 * The port every provider's adapter implements. The methods that are present are its capabilities;
 * there are no stubs that throw.
 *
 * Every method calls the provider once, without retries, and throws {@link ProviderError} and nothing else.
 */
export interface CardProvider {
  readonly code: ProviderCode;
  readonly emailPolicy: EmailPolicy;
  /**
   * True when the provider is configured as refusing an order number that it has seen (`conflict`); only then may an
   * unconfirmed order be sent again, under the same number. Absent counts as false.
   */
  readonly refusesRepeatedOrderNo?: boolean;
  /** Spends nothing. The provider has no order number for it, so a repeat makes a second contact. */
  createCardContact?(request: CreateCardContactRequest): Promise<CreatedCardContact>;
  /** Moves the deposit. Cannot be undone. Opening goes on after the answer. */
  createVirtualCard?(request: CreateVirtualCardRequest): Promise<CardSnapshot>;
  readCard?(request: ReadCardRequest): Promise<CardSnapshot>;
  /** The card with its full number and CVC, which go to the caller and nowhere else. */
  revealCard?(request: ReadCardRequest): Promise<RevealedCard>;
  listCardRanges?(): Promise<readonly CardRange[]>;
  /** Ends kept-alive connections. */
  close(): Promise<void>;
}
