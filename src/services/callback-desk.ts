import type { AccountEvent, AccountInbox } from "../domain/account-inbox.js";
import type { InboxStore } from "../domain/card-store.js";
import type { Journal } from "../domain/journal.js";
import type { OrderStore } from "../domain/order-store.js";
import type { ProviderCode } from "../domain/provider-code.js";
import type { CallbackDesk, ReceivedEvent } from "../domain/registration.js";
import { patiently } from "./patiently.js";

/**
 * How long the provider is kept waiting while the database is away. Told nothing, it refuses the order for good; it
 * waits within our own call, and for how long is unknown.
 */
const VALIDATION_PATIENCE_MS = 3_000;

/** What {@link OrderCallbackDesk} works with. */
export interface CallbackDeskParts {
  readonly orders: OrderStore;
  readonly inbox: InboxStore;
  readonly accountInbox: AccountInbox;
  readonly journal: Journal;
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
    const ask = () => this.#parts.orders.isSending(provider, orderNo);
    const sending = operation === "create" && (await patiently(VALIDATION_PATIENCE_MS, ask));
    this.#parts.journal.record({
      event: "reverse_validation",
      provider,
      operation: operation === "create" ? operation : "other",
      outcome: sending ? "confirmed" : "refused",
    });
    return sending;
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
