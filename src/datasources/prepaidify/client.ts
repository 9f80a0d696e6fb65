import type { KeyObject } from "node:crypto";
import type { CardSecrets } from "../../domain/card-secrets.js";
import type { Clock } from "../../domain/clock.js";
import type { Journal } from "../../domain/journal.js";
import type { ProviderError } from "../../domain/provider-error.js";
import type { Secret } from "../../domain/secret.js";
import { type RestAnswer, RestDataSource } from "../rest-datasource.js";
import type { PrepaidifyAccount } from "./config.js";
import { canonicalJson, sign, signingKey } from "./crypto.js";
import { type AnswerReading, type Operation, readAnswer, unbelievable } from "./errors.js";
import { fitsOrder } from "./mapping.js";
import {
  parseCardModel,
  parseCardRanges,
  type WireCardModel,
  type WireCardRange,
  type WireCreateCard,
} from "./wire.js";
import { parseCardSecrets } from "./wire-secrets.js";

/** Source: Prepaidify, API For Creating Virtual Card, "Request URL". */
export const CREATE_PATH = "/open/api/card/create";

/** Sibling: Alchemy Pay, card details. Assumed for Prepaidify; guarded by prepaidify/adapter.test.ts. */
export const INFO_PATH = "/open/api/card/info";

/** What the client is built from. */
export interface ClientParts {
  readonly account: PrepaidifyAccount;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Bound on one whole call in milliseconds. */
  readonly timeoutMs: number;
}

/** A described card, and what is paid with it; null for placeholders. */
export interface WireRevealedCard {
  readonly model: WireCardModel;
  readonly secrets: Secret<CardSecrets> | null;
}

/** A model that was understood, or null. */
type ReadModel<Result> = (model: unknown) => Result | null;

/** Prepaidify's endpoints, one method each: its own words in, its own words out. Throws `ProviderError` only. */
export class PrepaidifyClient extends RestDataSource {
  readonly #account: PrepaidifyAccount;
  readonly #clock: Clock;
  readonly #key: KeyObject;

  constructor({ account, clock, journal, timeoutMs }: ClientParts) {
    super({ provider: "PREPAIDIFY", baseUrl: account.baseUrl, journal, timeoutMs });
    this.#account = account;
    this.#clock = clock;
    this.#key = signingKey(account.secretKey.reveal());
  }

  /**
   * Orders a card. Moves money; cannot be undone. The provider asks us about the order (reverse validation) before it
   * answers. Source: Prepaidify, API For Creating Virtual Card.
   */
  async createCard(order: WireCreateCard, email: string): Promise<WireCardModel> {
    const body = canonicalJson({ ...order });
    return this.#post("create", CREATE_PATH, body, email, (model) => {
      const parsed = parseCardModel(model);
      return parsed && fitsOrder(order, parsed) ? parsed : null;
    });
  }

  /**
   * Reads a card. The answer holds number and CVC in clear text, which are dropped where it is parsed.
   * Sibling: Alchemy Pay, card details: a POST although it only reads.
   */
  async readCard(cardId: string, email: string): Promise<WireCardModel> {
    return this.#post("info", INFO_PATH, canonicalJson({ cardId }), email, (model) => {
      const parsed = parseCardModel(model);
      return parsed?.card.cardId === cardId ? parsed : null;
    });
  }

  /** Reads a card as {@link readCard} does, and keeps number and CVC, each call anew. */
  async revealCard(cardId: string, email: string): Promise<WireRevealedCard> {
    return this.#post("reveal", INFO_PATH, canonicalJson({ cardId }), email, (model) => {
      const parsed = parseCardModel(model);
      const revealed = parseCardSecrets(model);
      return parsed?.card.cardId === cardId && revealed ? { model: parsed, ...revealed } : null;
    });
  }

  /** Reads the usable card ranges; `email` may be absent because the call is made for nobody in particular. */
  async listCardRanges(email: string | null): Promise<readonly WireCardRange[]> {
    const path = this.#account.cardRangesPath;
    const request = { method: "GET", path, headers: this.#headers("GET", path, "", email) } as const;
    return this.call("ranges", request, (answer) => this.#read("ranges", answer, parseCardRanges));
  }

  async #post<Result>(
    operation: Operation,
    path: string,
    body: string,
    email: string,
    read: ReadModel<Result>,
  ): Promise<Result> {
    const headers = { ...this.#headers("POST", path, body, email), "content-type": "application/json" };
    // The very text that was signed is sent, so it does not matter whether the server signs what it received or its
    // own canonical form of it.
    const request = { method: "POST", path, headers, body } as const;
    return this.call(operation, request, (answer) => this.#read(operation, answer, read));
  }

  /**
   * Source: Prepaidify, Things Need To Know (headers) and About The Sign (timestamp in milliseconds, 13 digits).
   * Assumed: a prefix of the base address belongs to the signed path. Guarded by prepaidify/client.test.ts.
   */
  #headers(method: "GET" | "POST", path: string, body: string, email: string | null): Record<string, string> {
    const timestamp = String(this.#clock.now().getTime());
    return {
      "ach-access-key": this.#account.accessKey,
      "ach-access-timestamp": timestamp,
      "ach-access-sign": sign(this.#key, timestamp, method, this.basePath + path, body),
      language: "EN",
      ...(email === null ? {} : { email }),
    };
  }

  #read<Result>(operation: Operation, answer: RestAnswer, read: ReadModel<Result>): Result {
    const reading = readAnswer(operation, answer);
    if (!reading.ok) throw this.#note(reading);
    const result = read(reading.model);
    if (result === null) throw unbelievable("answer does not fit the request", reading.traceId);
    return result;
  }

  #note({ error, unlisted }: AnswerReading & { readonly ok: false }): ProviderError {
    const { provider, providerCode } = error;
    if (error.kind === "credentials") this.journal.record({ event: "credentials_refused", provider, providerCode });
    if (unlisted) {
      this.journal.record({ event: "unlisted_provider_code", provider, providerCode: providerCode ?? "unreadable" });
    }
    return error;
  }
}
