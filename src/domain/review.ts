import type { OrderId } from "./ids.js";
import type { OrderEvent } from "./order-event.js";
import type { ClaimVerdict, OrderView } from "./order-store.js";

/** A callback as the operator sees it: what it claimed, and what came of asking the provider. */
export interface CallbackSeen {
  readonly eventType: string;
  readonly providerCardId: string | null;
  /** Null while the provider has not been asked, or has not answered. */
  readonly verdict: ClaimVerdict | null;
  readonly receivedAt: Date;
}

/** Everything that is known of an order: how it stands, its history, and what callbacks claimed. */
export interface Dossier {
  readonly view: OrderView;
  /** Oldest first. */
  readonly events: readonly OrderEvent[];
  /** Oldest first, at most 100. */
  readonly callbacks: readonly CallbackSeen[];
}

/** Where the operator reads, across tenants. */
export interface ReviewStore {
  /** Orders that need a person, the one that has waited longest first; `after` is the last of the stretch before. */
  inReview(limit: number, after: OrderId | null): Promise<readonly OrderView[]>;
  /** By our id or by the caller's number. Several only when two providers were given the same number. */
  dossiers(idOrOrderNo: string): Promise<readonly Dossier[]>;
}
