import type { Actor } from "./audit.js";
import type { Card, CardFields, CardHolder, ShownCard } from "./card-record.js";
import type { CardStatus } from "./card-status.js";
import type { CardContact } from "./contact.js";
import type { CardContactId, CardHolderId, CardId } from "./ids.js";
import type { OrderFailure } from "./order.js";
import type { CreatedRange, Page } from "./page.js";
import type { CreateCardContactRequest } from "./provider.js";
import type { ProviderCode } from "./provider-code.js";
import type { ReceivedEvent } from "./registration.js";

/** Which cards to list. Every part that is present narrows the list. */
export interface CardFilter {
  readonly provider?: ProviderCode | null;
  readonly statuses?: readonly CardStatus[] | null;
  readonly customerId?: string | null;
  readonly created?: CreatedRange;
}

/** Which contacts to list. Every part that is present narrows the list. */
export interface ContactFilter {
  readonly provider?: ProviderCode | null;
  readonly created?: CreatedRange;
}

/** Where cards are kept. They are written only by {@link OrderStore.apply}. */
export interface CardStore {
  byIds(tenant: string, ids: readonly CardId[]): Promise<readonly Card[]>;
  /** As much of a card as is to be shown; null when there is none. */
  shown(tenant: string, id: CardId, fields: CardFields): Promise<ShownCard | null>;
  holdersByIds(tenant: string, ids: readonly CardHolderId[]): Promise<readonly CardHolder[]>;
  /** Up to `first + 1` cards, newest first, so that the caller sees whether more follow. */
  list(tenant: string, page: Page, filter: CardFilter, fields: CardFields): Promise<readonly ShownCard[]>;
}

/** What is written when a contact is placed. */
export interface NewContact {
  readonly id: CardContactId;
  readonly tenant: string;
  readonly provider: ProviderCode;
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
  readonly request: CreateCardContactRequest;
  /** Who wants it made; told to the audit log in the same commit. */
  readonly by: Actor;
}

/** What came of making a contact. */
export type ContactOutcome =
  | { readonly kind: "created"; readonly providerContactId: string }
  | { readonly kind: "failed"; readonly failure: OrderFailure }
  | { readonly kind: "not_sent" }
  | { readonly kind: "unclear" };

/** Where contacts are kept. */
export interface ContactStore {
  /** Commits the intent. `placed` is false when the tenant used the key before: then the earlier contact comes back. */
  place(contact: NewContact): Promise<{ readonly contact: CardContact; readonly placed: boolean }>;
  /** Marks a committed intent as being sent, with a lease. False when it is not an intent (any more). */
  startSending(id: CardContactId, leaseMs: number): Promise<boolean>;
  /** Writes what came of a contact that was being sent. */
  finish(id: CardContactId, outcome: ContactOutcome): Promise<CardContact>;
  /** Writes a contact that was made without a key: one call, one row. */
  add(contact: NewContact, providerContactId: string): Promise<CardContact>;
  byKey(tenant: string, idempotencyKey: string): Promise<CardContact | null>;
  /** Only a contact that the provider has made. */
  byId(tenant: string, id: CardContactId): Promise<CardContact | null>;
  /** Up to `first + 1` contacts that the provider has made, newest first. */
  list(tenant: string, page: Page, filter: ContactFilter): Promise<readonly CardContact[]>;
  /** Only contacts that the provider has made. */
  byIds(tenant: string, ids: readonly CardContactId[]): Promise<readonly CardContact[]>;
}

/**
 * What became of an event: `stored`; `duplicate` when it was stored before; `misdirected` when it came to one order's
 * address and names another order, so that it is kept but never believed; `unknown_token` when no order has that
 * address.
 */
export type ReceivedOutcome = "stored" | "duplicate" | "misdirected" | "unknown_token";

/** Where callbacks are kept until they are confirmed. */
export interface InboxStore {
  /** Stores an event and makes its order due, in one commit. */
  receive(event: ReceivedEvent): Promise<ReceivedOutcome>;
}
