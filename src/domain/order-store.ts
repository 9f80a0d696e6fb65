import type { Actor } from "./audit.js";
import type { Card } from "./card-record.js";
import type { CardStatus } from "./card-status.js";
import type { DueFacts } from "./due-policy.js";
import type { OrderId } from "./ids.js";
import type { CardOrder, CardOrderState, OrderRequest } from "./order.js";
import type { Evidence } from "./order-transition.js";
import type { CreatedRange, Page } from "./page.js";
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
  /** Who places it; told to the audit log in the same commit. */
  readonly by: Actor;
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
  /** What it did to another order besides, whose card it put in doubt. */
  readonly besides?: AppliedEvidence;
}

/** The order number is another tenant's. */
export class OrderNumberTaken extends Error {
  override readonly name = "OrderNumberTaken";

  constructor() {
    super("order number is another tenant's");
  }
}

/** Where orders are kept. Every method commits before it resolves; none is open across a provider call. */
export interface OrderStore {
  /**
   * Commits the intent. `placed` is false when the tenant used the number before: the earlier order comes back. Rejects
   * with {@link OrderNumberTaken} when another tenant did: to the provider they are one account; and with
   * {@link SpendLimitReached} when a new order would go beyond what the tenant may order in a day.
   */
  place(order: NewOrder): Promise<OrderView & { readonly placed: boolean }>;
  /**
   * Marks an order as being sent, with a lease: an intent for the first time (`sending`), an unconfirmed one again
   * (`resending`). Resolves with the number of the call; null when the order is not in that state any more.
   */
  startSending(id: OrderId, kind: "sending" | "resending", leaseMs: number): Promise<number | null>;
  /**
   * Moves an order by the transition function, under its row lock; change, card and event commit together, with what
   * is owed to those who watch. `note` is the operator's reason.
   */
  apply(id: OrderId, evidence: Evidence, note?: string): Promise<AppliedEvidence>;
  /**
   * As {@link apply}, for what came of a call: `sent` is the order as it was before that call was marked as being sent.
   * Costs one statement where the answer is as it should be and nothing else has come in between.
   */
  settle(sent: CardOrder, call: number, evidence: Evidence): Promise<AppliedEvidence>;
  byOrderNo(tenant: string, orderNo: string): Promise<OrderView | null>;
  byIds(tenant: string, ids: readonly OrderId[]): Promise<readonly OrderView[]>;
  byOrderNos(tenant: string, orderNos: readonly string[]): Promise<readonly OrderView[]>;
  /** True when the provider was given that number by an order that is being sent right now. */
  isSending(provider: ProviderCode, orderNo: string): Promise<boolean>;
}

/** Which orders to list. Every part that is present narrows the list. */
export interface OrderFilter {
  readonly provider?: ProviderCode | null;
  /** As clients see it. */
  readonly state?: CardOrderState | null;
  readonly customerId?: string | null;
  readonly created?: CreatedRange;
}

/** The list of orders. */
export interface OrderList {
  /** Up to `first + 1` orders with their cards, newest first, so that the caller sees whether more follow. */
  list(tenant: string, page: Page, filter: OrderFilter): Promise<readonly OrderView[]>;
}

/** A provider as a process serves it: with its real account or with its sandbox. */
export interface ServedProvider {
  readonly code: ProviderCode;
  readonly mode: ProviderMode;
}

/** What is to be done about an order whose time has come. */
export interface DueOrder {
  readonly order: CardOrder;
  /** The card that is known to be the order's, and its state. */
  readonly providerCardId: string | null;
  readonly cardStatus: CardStatus | null;
  /** Other cards that callbacks name as the order's, a few of them: hints, until the provider describes them. */
  readonly claimedCardIds: readonly string[];
  /** Whether callbacks name even more. */
  readonly hasMoreClaims: boolean;
  /** Whether a callback that has not been confirmed names the card that is known. */
  readonly knownCardNamed: boolean;
  /** How often the order has been taken up since it last moved. */
  readonly attempts: number;
  /** How long ago it first went out, or was placed if it never has. */
  readonly waitedMs: number;
  /** Names this claim among all that were ever made on the order. */
  readonly claim: string;
  /** When it was claimed, by the database's clock and in its words: before the provider was asked anything. */
  readonly claimedAt: string;
}

/**
 * Which orders to take up: those that are under way, or those that are settled and looked at seldom, so that a crowd of
 * the one never holds up the other.
 */
export type Pace = "under_way" | "settled";

/** What the provider's description of a card made of a callback's claim on it. */
export type ClaimVerdict = "BELIEVED" | "NOT_BELIEVED";

/** The order row as a job: due by the database's clock, claimed by one process at a time. */
export interface OrderQueue {
  /**
   * Claims up to `limit` due orders of the providers that this process serves, for `leaseMs`. Safe in any number of
   * processes. Orders of a provider's other mode are left as they are, for a process that serves it.
   */
  claimDue(served: readonly ServedProvider[], pace: Pace, limit: number, leaseMs: number): Promise<readonly DueOrder[]>;
  /**
   * Ends a claim and sets when the order is due again; null: not before something happens to it.
   * An order that moved, or that a callback came for, during the claim keeps the time that this gave it.
   */
  reschedule(due: DueOrder, delayMs: number | null): Promise<void>;
  /** Makes an order due within `delayMs`, whatever it was given before; an earlier time stands. */
  hasten(id: OrderId, delayMs: number): Promise<void>;
  /**
   * Notes what came of the callbacks that named a card, so that they are not asked about again. One that came after
   * `claimedAt` may tell of what the provider did not know yet when it was asked, and stays open.
   */
  judgeClaim(id: OrderId, providerCardId: string, verdict: ClaimVerdict, claimedAt: string): Promise<void>;
}

/** When an order that has just moved is to be looked at again, in milliseconds; null: not by itself. */
export type DueAfterMove = (facts: DueFacts) => number | null;
