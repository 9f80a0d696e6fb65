import type { CardSnapshot } from "../../domain/card.js";
import type { RevealedCard } from "../../domain/card-secrets.js";
import type { Journal } from "../../domain/journal.js";
import type { CardProvider, CardRange, CreateVirtualCardRequest, ReadCardRequest } from "../../domain/provider.js";
import { ProviderError } from "../../domain/provider-error.js";
import type { ProviderParts, Registration } from "../../domain/registration.js";
import { userError } from "../../domain/user-error.js";
import { callbackAddress, callbackRoutes } from "./callback.js";
import { PrepaidifyClient } from "./client.js";
import { type PrepaidifyAccount, readAccount } from "./config.js";
import { CURRENCY, toCardRanges, toCardSnapshot, toWireCreateCard } from "./mapping.js";
import { startPrepaidifySandbox } from "./sandbox/index.js";
import { isHeaderText } from "./text.js";
import type { WireCardModel } from "./wire.js";

/**
 * Sibling: Alchemy Pay, later page of card creation.
 * Assumed for Prepaidify; guarded by prepaidify/client.test.ts.
 */
const MAX_CALLBACK_URL_LENGTH = 256;

/** Longest e-mail address there can be (RFC 5321). */
const MAX_EMAIL_LENGTH = 254;

/** Prepaidify behind the provider port. */
export class PrepaidifyProvider implements CardProvider {
  readonly code = "PREPAIDIFY";
  readonly emailPolicy: CardProvider["emailPolicy"];
  readonly refusesRepeatedOrderNo: boolean;
  readonly #client: PrepaidifyClient;
  readonly #journal: Journal;
  readonly #publicUrl: () => string;

  constructor(account: PrepaidifyAccount, { clock, journal, timeoutMs, publicUrl }: ProviderParts) {
    this.emailPolicy = { required: true, fallback: account.defaultEmail };
    this.refusesRepeatedOrderNo = account.dedupesOrders;
    this.#client = new PrepaidifyClient({ account, clock, journal, timeoutMs });
    this.#journal = journal;
    this.#publicUrl = publicUrl;
  }

  /**
   * Opens a card and moves its deposit; cannot be undone. The answer comes while the card is still opening.
   * Throws {@link ProviderError}; everything but `rejected`, `not_found`, `credentials` and `unavailable` may hide a
   * card that was opened.
   */
  async createVirtualCard(request: CreateVirtualCardRequest): Promise<CardSnapshot> {
    const email = this.#emailFor(request.email);
    if (request.deposit.currency !== CURRENCY) {
      throw refusedHere("Deposits of this provider are in USD.", ["deposit", "currency"]);
    }
    const callbackUrl = callbackAddress(this.#publicUrl(), request.callbackToken);
    if (callbackUrl.length > MAX_CALLBACK_URL_LENGTH) {
      throw new ProviderError({ provider: this.code, kind: "credentials", reason: "callback address too long" });
    }
    return this.#describe(await this.#client.createCard(toWireCreateCard(request, callbackUrl), email));
  }

  /** Reads a card as it is now. Throws {@link ProviderError}, `not_found` when there is no such card. */
  async readCard(request: ReadCardRequest): Promise<CardSnapshot> {
    return this.#describe(await this.#client.readCard(request.providerCardId, this.#emailFor(request.email)));
  }

  /** Reads a card with its number and CVC. Throws {@link ProviderError}, `not_found` when there is no such card. */
  async revealCard(request: ReadCardRequest): Promise<RevealedCard> {
    const { model, secrets } = await this.#client.revealCard(request.providerCardId, this.#emailFor(request.email));
    return { status: this.#describe(model).status, secrets };
  }

  /** The card ranges that cards can be opened from. Throws {@link ProviderError}. */
  async listCardRanges(): Promise<readonly CardRange[]> {
    return toCardRanges(await this.#client.listCardRanges(this.emailPolicy.fallback));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #describe(model: WireCardModel): CardSnapshot {
    const card = toCardSnapshot(model);
    if (card.status === "UNRECOGNIZED") {
      const { providerStatus } = card;
      this.#journal.record({ event: "unrecognized_card_status", provider: this.code, providerStatus });
    }
    return card;
  }

  /** The address for the `email` header, which every call needs and which has to be plain ASCII. */
  #emailFor(given: string | null): string {
    const email = given ?? this.emailPolicy.fallback;
    if (email === null) throw refusedHere("An e-mail address is required by this provider.", ["email"]);
    if (!isHeaderText(email) || email.length > MAX_EMAIL_LENGTH) {
      throw refusedHere("This provider takes plain ASCII e-mail addresses only.", ["email"]);
    }
    return email;
  }
}

/** A refusal of our own, before anything is sent. */
function refusedHere(message: string, field: readonly string[]): ProviderError {
  return new ProviderError({
    provider: "PREPAIDIFY",
    kind: "rejected",
    reason: "refused before sending",
    userError: userError("INVALID_INPUT", message, { field }),
  });
}

/** What the registry knows of Prepaidify. */
export const prepaidify: Registration<PrepaidifyAccount> = {
  code: "PREPAIDIFY",
  name: "Prepaidify",
  capabilities: ["createVirtualCard", "readCard", "revealCard", "listCardRanges"],
  readAccount,
  create: (account, parts) => new PrepaidifyProvider(account, parts),
  callbackRoutes,
  startSandbox: ({ clock, publicUrl }) => startPrepaidifySandbox({ clock, publicUrl }),
};
