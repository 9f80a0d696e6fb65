import type { AccountEvent, AccountInbox } from "../domain/account-inbox.js";
import type { InboxStore } from "../domain/card-store.js";
import type { Journal } from "../domain/journal.js";
import type { OrderStore } from "../domain/order-store.js";
import type { ProviderCode } from "../domain/provider-code.js";
import type { CallbackDesk, ReceivedEvent } from "../domain/registration.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import { patiently } from "./patiently.js";
import type { SendOrder } from "./send-order.js";

/**
 * How long the provider is kept waiting, at most, while the database is away. Told nothing, it refuses the order for
 * good. It waits within our own call, of which this is only a part, and for how long is unknown.
 */
const VALIDATION_PATIENCE_MS = 3_000;
const VALIDATION_PART_OF_CALL = 1 / 3;

/** What {@link OrderCallbackDesk} works with. */
export interface CallbackDeskParts {
  readonly orders: OrderStore;
  readonly inbox: InboxStore;
  readonly accountInbox: AccountInbox;
  readonly sendOrder: Pick<SendOrder, "isCalling">;
  readonly journal: Journal;
  /** Bound on one provider call, in milliseconds. */
  readonly timeoutMs: number;
  /** Called after a callback was committed, so that it is confirmed soon. */
  readonly onStored: () => void;
}

/**
 * Answers providers that call us. A callback is a hint: it is stored and answered, and believed only when the provider
 * itself, asked by us, says the same.
 */
export class OrderCallbackDesk implements CallbackDesk {
  readonly #parts: CallbackDeskParts;

  constructor(parts: CallbackDeskParts) {
    this.#parts = parts;
  }

  /**
   * Only card creation is sent by this server, so every other operation is refused.
   * Throws {@link StoreUnavailable} when the database stays away.
   */
  async isSending(provider: ProviderCode, operation: string, orderNo: string): Promise<boolean> {
    const sending = operation === "create" && (await this.#isSendingNow(provider, orderNo));
    return this.#answered(provider, operation, sending);
  }

  /** The same, as far as this very process knows without asking the database: it sends the order itself. */
  isSendingHere(provider: ProviderCode, operation: string, orderNo: string): boolean {
    const sending = operation === "create" && this.#parts.sendOrder.isCalling(provider, orderNo);
    return this.#answered(provider, operation, sending);
  }

  #answered(provider: ProviderCode, operation: string, sending: boolean): boolean {
    this.#parts.journal.record({
      event: "reverse_validation",
      provider,
      operation: operation === "create" ? operation : "other",
      outcome: sending ? "confirmed" : "refused",
    });
    return sending;
  }

  /**
   * The database says so. While it is away, this process still knows which orders it is sending itself; an order that
   * another process sends has to wait for the database.
   */
  async #isSendingNow(provider: ProviderCode, orderNo: string): Promise<boolean> {
    const { orders, sendOrder, timeoutMs } = this.#parts;
    const patienceMs = Math.min(VALIDATION_PATIENCE_MS, timeoutMs * VALIDATION_PART_OF_CALL);
    return patiently(patienceMs, async () => {
      try {
        return await orders.isSending(provider, orderNo);
      } catch (error) {
        if (error instanceof StoreUnavailable && sendOrder.isCalling(provider, orderNo)) return true;
        throw error;
      }
    });
  }

  async receive(event: ReceivedEvent): Promise<boolean> {
    const outcome = await this.#parts.inbox.receive(event);
    this.#parts.journal.record({ event: "callback_received", provider: event.provider, outcome });
    if (outcome === "stored") this.#parts.onStored();
    return outcome !== "unknown_token";
  }

  async receiveForAccount(event: AccountEvent): Promise<void> {
    const outcome = await this.#parts.accountInbox.receive(event);
    this.#parts.journal.record({ event: "callback_received", provider: event.provider, outcome });
    if (outcome === "stored") this.#parts.onStored();
  }
}
