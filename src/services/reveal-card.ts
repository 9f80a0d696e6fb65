import { type ActingCaller, type AuditLog, auditedReason } from "../domain/audit.js";
import type { CardSecrets, RevealedCard } from "../domain/card-secrets.js";
import { type CardStatus, lifecycleOf } from "../domain/card-status.js";
import type { CardStore } from "../domain/card-store.js";
import type { ProviderDirectory } from "../domain/directory.js";
import { demand } from "../domain/identity.js";
import { type CardId, isCardId } from "../domain/ids.js";
import type { Journal, RevealOutcome } from "../domain/journal.js";
import type { OrderStore } from "../domain/order-store.js";
import { ifReadable } from "../domain/personal-data.js";
import type { CardProvider } from "../domain/provider.js";
import { ProviderError } from "../domain/provider-error.js";
import type { Recipient, RecipientReader } from "../domain/recipient.js";
import type { Secret } from "../domain/secret.js";
import type { UserError } from "../domain/user-error.js";
import type { RevealAllowance } from "./reveal-allowance.js";
import { keyRefusal, providerRefusal, REVEAL_REFUSALS } from "./reveal-refusals.js";

/** Which card to reveal, and to whom. */
export interface RevealCardCommand {
  readonly cardId: string;
  /** JSON text of the public JWK to seal to; null: in clear, where that is allowed. */
  readonly recipientKey: string | null;
  /** What for; goes to the audit log. */
  readonly reason: string;
}

/** The card's secrets, sealed or in clear, or why neither. */
export interface RevealCardResult {
  readonly sealed: string | null;
  readonly clear: Secret<CardSecrets> | null;
  readonly userErrors: readonly UserError[];
}

/** What {@link RevealCard} works with. */
export interface RevealCardParts {
  readonly directory: ProviderDirectory;
  readonly cards: Pick<CardStore, "byIds">;
  readonly orders: Pick<OrderStore, "byIds">;
  readonly recipients: RecipientReader;
  readonly allowance: RevealAllowance;
  readonly audit: AuditLog;
  readonly journal: Journal;
  /** Whether a real card is shown in clear to a caller without a key. */
  readonly inClear: boolean;
}

/** A card that may be revealed, and how. */
interface Reveal {
  readonly cardId: CardId;
  readonly recipient: Recipient | null;
  readonly adapter: CardProvider;
  readonly providerCardId: string;
  readonly email: string | null;
  /** What the audit log must not hold. */
  readonly names: readonly (string | null)[];
}

/**
 * Reveals what a card is paid with: read from the provider at that moment, sealed to the caller's key, kept nowhere.
 * Whatever comes of asking the provider is in the audit log before the caller has it.
 */
export class RevealCard {
  readonly #parts: RevealCardParts;

  constructor(parts: RevealCardParts) {
    this.#parts = parts;
  }

  /** Throws `Forbidden`, or what the database throws; nothing is revealed then. */
  async execute(command: RevealCardCommand, caller: ActingCaller): Promise<RevealCardResult> {
    demand(caller, "cards:reveal");
    const { tenant, actor: by } = caller;
    const { reason } = command;
    const reveal = await this.#prepare(tenant, command);
    if ("message" in reveal) {
      this.#parts.journal.record({ event: "card_reveal", outcome: "refused" });
      return refused(reveal);
    }
    const { outcome, result } = await this.#ask(reveal);
    const recipient = reveal.recipient?.thumbprint ?? null;
    await this.#parts.audit.append({
      ...{ ...by, tenant, reason: auditedReason(reason, reveal.names), recipient, outcome },
      ...{ action: "revealCard", target: reveal.cardId },
    });
    this.#parts.journal.record({ event: "card_reveal", outcome });
    return result;
  }

  /** Everything that can be refused before the provider is asked. */
  async #prepare(tenant: string, { cardId, recipientKey }: RevealCardCommand): Promise<Reveal | UserError> {
    const { directory, cards, orders, recipients, allowance, inClear } = this.#parts;
    if (!allowance.take(tenant)) return REVEAL_REFUSALS.tooOften;
    const recipient = recipientKey === null ? null : await recipients.read(recipientKey);
    if (typeof recipient === "string") return keyRefusal(recipient);
    const [card] = isCardId(cardId) ? await cards.byIds(tenant, [cardId]) : [];
    if (!card) return REVEAL_REFUSALS.noCard;
    const [view] = await orders.byIds(tenant, [card.orderId]);
    if (!view) throw new Error("a card's order is missing");
    const { order } = view;
    if (!recipient && order.mode !== "SANDBOX" && !inClear) return REVEAL_REFUSALS.keyNeeded;
    if (!isOpen(card.status)) return REVEAL_REFUSALS.notOpen;
    // The provider shows a card only to who names its end user, and nobody knows any more who that is.
    if (order.isErased) return REVEAL_REFUSALS.erased;
    const adapter = directory.adapterFor(order);
    if (!adapter?.revealCard) return REVEAL_REFUSALS.unable;
    const { providerCardId } = card;
    const { cardHolder } = card;
    const names = ifReadable(() => [cardHolder.holderName, cardHolder.firstName, cardHolder.lastName]) ?? [];
    return { cardId: card.id, recipient, adapter, providerCardId, email: order.request.email, names };
  }

  async #ask(reveal: Reveal): Promise<{ readonly outcome: RevealOutcome; readonly result: RevealCardResult }> {
    const { recipient } = reveal;
    const shown = await show(reveal);
    if (shown instanceof ProviderError) return { outcome: shown.kind, result: refused(providerRefusal(shown)) };
    const { secrets, status } = shown;
    if (!secrets || !isOpen(status)) return { outcome: "not_open", result: refused(REVEAL_REFUSALS.notOpen) };
    if (!recipient) return { outcome: "clear", result: { sealed: null, clear: secrets, userErrors: [] } };
    return { outcome: "sealed", result: { sealed: await recipient.seal(secrets), clear: null, userErrors: [] } };
  }
}

async function show({ adapter, providerCardId, email }: Reveal): Promise<RevealedCard | ProviderError> {
  try {
    const shown = await adapter.revealCard?.({ providerCardId, email });
    // Stryker disable next-line all: an adapter without the method does not come this far
    if (!shown) throw new Error("the provider cannot reveal cards");
    return shown;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

/** As the provider said last, or says now: what is closed, or not open yet, has nothing to be paid with. */
function isOpen(status: CardStatus): boolean {
  const lifecycle = lifecycleOf(status);
  return lifecycle === "ACTIVE" || lifecycle === "BLOCKED";
}

function refused(error: UserError): RevealCardResult {
  return { sealed: null, clear: null, userErrors: [error] };
}
