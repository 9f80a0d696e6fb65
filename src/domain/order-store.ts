import type { Card } from "./card-record.js";
import type { OrderId } from "./ids.js";
import type { CardOrder, OrderRequest } from "./order.js";
import type { Evidence } from "./order-transition.js";
import type { ProviderCode, ProviderMode } from "./provider-code.js";

/** What is written when an order is placed. */
export interface NewOrder {
  readonly id: OrderId;
  readonly tenant: string;
  readonly provider: ProviderCode;
  readonly mode: ProviderMode;
  readonly orderNo: string;
  readonly fingerprint: string;
  readonly request: OrderRequest;
  readonly callbackToken: string;
}

/** An order and its card as they stand after a change, or as they stood if nothing changed. */
export interface OrderView {
  readonly order: CardOrder;
  readonly card: Card | null;
}

/** What a piece of evidence did to an order. */
export interface AppliedEvidence extends OrderView {
  readonly changed: boolean;
  readonly from: CardOrder["state"];
}

/** Where orders are kept. Every method commits before it resolves; none is open across a provider call. */
export interface OrderStore {
  /** Commits the intent. `placed` is false when the tenant used the number before: the earlier order comes back. */
  place(order: NewOrder): Promise<OrderView & { readonly placed: boolean }>;
  /** Marks a committed intent as being sent, with a lease. False when it is not an intent (any more). */
  startSending(id: OrderId, leaseMs: number): Promise<boolean>;
  /** Moves an order by the transition function, under its row lock; change, card and event commit together. */
  apply(id: OrderId, evidence: Evidence): Promise<AppliedEvidence>;
  byOrderNo(tenant: string, orderNo: string): Promise<OrderView | null>;
  byIds(tenant: string, ids: readonly OrderId[]): Promise<readonly OrderView[]>;
  /** True when the provider was given that number by an order that is being sent right now. */
  isSending(provider: ProviderCode, orderNo: string): Promise<boolean>;
}

/** A provider as a process serves it: with its real account or with its sandbox. */
export interface ServedProvider {
  readonly code: ProviderCode;
  readonly mode: ProviderMode;
}

/** What is to be done about an order whose time has come. */
export interface DueOrder {
  readonly order: CardOrder;
  /** The card that is known to be the order's. */
  readonly providerCardId: string | null;
  /** The cards that callbacks name while the order has none, oldest first: hints, until the provider describes one. */
  readonly claimedCardIds: readonly string[];
  /** How often the order has been taken up since it last moved. */
  readonly attempts: number;
  readonly waitedMs: number;
  /** Names this claim among all that were ever made on the order. */
  readonly claim: string;
}

/** The order row as a job: due by the database's clock, claimed by one process at a time. */
export interface OrderQueue {
  /**
   * Claims up to `limit` due orders of the providers that this process serves, for `leaseMs`. Safe in any number of
   * processes. Orders of a provider's other mode are left as they are, for a process that serves it.
   */
  claimDue(served: readonly ServedProvider[], limit: number, leaseMs: number): Promise<readonly DueOrder[]>;
  /**
   * Ends a claim and sets when the order is due again; null: not before something happens to it.
   * A callback that came during the claim keeps the order due at once.
   */
  reschedule(due: DueOrder, delayMs: number | null): Promise<void>;
  /** Notes which card turned out to be this order's, so that no callback's claim on it is asked again. */
  settleClaims(id: OrderId, providerCardId: string): Promise<void>;
}

/** When an order that has just moved is to be looked at again, in milliseconds; null: not by itself. */
export type DueAfterMove = (state: CardOrder["state"]) => number | null;
