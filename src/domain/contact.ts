import type { CardContactId } from "./ids.js";
import type { OrderFailure } from "./order.js";
import type { CreateCardContactRequest } from "./provider.js";
import type { ProviderCode } from "./provider-code.js";

/**
 * Where a contact stands. A contact spends nothing, but a repeat would make a second one, so a keyed contact goes
 * through the same steps as an order: intent, sending, and then what came of it. `ERASED`: its personal data are gone.
 */
export const CONTACT_STATES = ["INTENT", "SENDING", "COMPLETED", "FAILED", "UNCONFIRMED", "ERASED"] as const;

/** One of {@link CONTACT_STATES}. */
export type ContactState = (typeof CONTACT_STATES)[number];

/** A card contact as it stands in the database. */
export interface CardContact {
  readonly id: CardContactId;
  readonly tenant: string;
  readonly provider: ProviderCode;
  readonly state: ContactState;
  /** The caller's key; the same key with the same input gives the first answer again. */
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
  readonly failure: OrderFailure | null;
  /** Of a stored contact, reading it throws `PersonalDataUnreadable` when it cannot be opened. */
  readonly request: CreateCardContactRequest;
  /** Null until the provider has answered. */
  readonly providerContactId: string | null;
  readonly createdAt: Date;
}
