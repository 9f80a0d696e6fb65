import type { DeliveryFailure } from "./delivery.js";
import type { UnauthenticatedReason } from "./identity.js";
import type { OrderId } from "./ids.js";
import type { UnreadableReason } from "./personal-data.js";
import type { ProviderCode } from "./provider-code.js";
import type { ProviderErrorKind } from "./provider-error.js";
import type { StoreFailure } from "./store-unavailable.js";

/** What came of asking a provider to reveal a card. */
export type RevealOutcome = "sealed" | "clear" | "not_open" | ProviderErrorKind;

/** Something an operator may want to know. Closed list; no value of a request ever stands in one. */
export type JournalEntry =
  | {
      readonly event: "provider_call";
      readonly provider: ProviderCode;
      readonly operation: string;
      readonly outcome: "ok" | ProviderErrorKind;
      readonly durationMs: number;
      readonly reason?: string;
      readonly providerCode?: string | null;
      readonly traceId?: string | null;
    }
  | { readonly event: "unrecognized_card_status"; readonly provider: ProviderCode; readonly providerStatus: string }
  | { readonly event: "unlisted_provider_code"; readonly provider: ProviderCode; readonly providerCode: string }
  | { readonly event: "credentials_refused"; readonly provider: ProviderCode; readonly providerCode: string | null }
  | {
      readonly event: "order_moved";
      readonly orderId: OrderId;
      readonly from: string;
      readonly to: string;
      readonly evidence: string;
    }
  | { readonly event: "order_needs_review"; readonly orderId: OrderId; readonly reason: string }
  | {
      readonly event: "callback_received";
      readonly provider: ProviderCode;
      readonly outcome: "stored" | "duplicate" | "misdirected" | "unlinked" | "unknown_token" | "malformed";
    }
  | {
      readonly event: "callback_refused";
      readonly provider: ProviderCode;
      readonly outcome: "foreign_address" | "address_blocked";
    }
  | {
      readonly event: "reverse_validation";
      readonly provider: ProviderCode;
      readonly operation: string;
      readonly outcome: "confirmed" | "refused";
    }
  | {
      readonly event: "event_delivery";
      readonly orderId: OrderId;
      readonly outcome: "delivered" | "failed" | "gone" | "refused_address" | "given_up";
      readonly attempts: number;
      readonly reason?: DeliveryFailure;
      readonly status?: number | null;
    }
  | {
      readonly event: "callback_confirmation";
      readonly provider: ProviderCode;
      readonly outcome: "settled" | "not_believed" | "postponed";
    }
  | {
      readonly event: "live_operation_refused";
      readonly transport: "sse" | "websocket" | "callback";
      readonly outcome: "server_full" | "client_full" | "connection_full";
    }
  | {
      readonly event: "live_connection_ended";
      readonly transport: "sse" | "websocket" | "callback";
      readonly outcome: "slow_reader" | "unresponsive";
    }
  | { readonly event: "answer_late" }
  | { readonly event: "connection_dropped" }
  | { readonly event: "card_reveal"; readonly outcome: RevealOutcome | "refused" }
  | {
      readonly event: "caller_refused";
      readonly outcome: UnauthenticatedReason | "unavailable" | "address_blocked" | "rate_limited";
    }
  | {
      readonly event: "personal_data_unreadable";
      readonly orderId: OrderId;
      readonly keyId: string | null;
      readonly outcome: UnreadableReason;
    }
  | {
      readonly event: "store_unavailable";
      readonly outcome: StoreFailure;
      readonly code: string | null;
      /** False for the first failure after a success. */
      readonly again: boolean;
    }
  | { readonly event: "store_available" };

/** Where services and adapters write what an operator may want to know; it becomes logs and metrics. */
export interface Journal {
  record(entry: JournalEntry): void;
}
