import type { Clock } from "../../domain/clock.js";
import type { Journal } from "../../domain/journal.js";
import { ProviderError, type ProviderErrorKind } from "../../domain/provider-error.js";
import { type RestAnswer, RestDataSource } from "../rest-datasource.js";
import { type EnvelopeCodec, UnreadableEnvelope } from "./codec.js";
import type { PagsmileAccount } from "./config.js";
import type { RandomBytes } from "./crypto.js";
import { judgeFailure, SUCCESS_CODE } from "./errors.js";
import { REQUEST_ID_BYTES, toRequestId, toWireTimestamp } from "./mapping.js";
import { parseContactId, parseResponse, type WireContactFields, type WireRequest, type WireResponse } from "./wire.js";

/** Source: Pagsmile, Issuing Card API, headers table (most pages misspell `charset`). No `Authorization`. */
const HEADERS = { "content-type": "application/json; charset=UTF-8" } as const;

/** What the client is built from. */
export interface ClientParts {
  readonly account: PagsmileAccount;
  readonly codec: EnvelopeCodec;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly journal: Journal;
  /** Bound on one whole call in milliseconds. */
  readonly timeoutMs: number;
}

/** Pagsmile's endpoints, one method each: its own words in, its own words out. Throws `ProviderError` only. */
export class PagsmileClient extends RestDataSource {
  readonly #parts: ClientParts;

  constructor(parts: ClientParts) {
    const { account, journal, timeoutMs } = parts;
    super({ provider: "PAGSMILE", baseUrl: account.baseUrl, journal, timeoutMs });
    this.#parts = parts;
  }

  /**
   * Makes a card contact and gives its id. Spends nothing; cannot be undone, and a repeat makes a second contact.
   * Source: Pagsmile, Create Card Contact.
   */
  async createContact(fields: WireContactFields): Promise<string> {
    const body = JSON.stringify(await this.#wrap(fields));
    const request = { method: "POST", path: "/issuing/card/create-contact", headers: HEADERS, body } as const;
    return this.call("create-contact", request, async (answer) => {
      const contactId = parseContactId(await this.#unwrap(answer));
      if (contactId === null) throw this.fail("malformed", "no contact id");
      return contactId;
    });
  }

  /** Ends kept-alive connections and the codec's thread. */
  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#parts.codec.close()]);
  }

  async #wrap(business: object): Promise<WireRequest> {
    const { account, clock, codec, random } = this.#parts;
    const { randomKey, bizData } = await codec.seal(JSON.stringify(business)).catch(() => {
      throw this.fail("unavailable", "request could not be encrypted");
    });
    return {
      app_id: account.appId,
      partner_id: account.partnerId,
      ...(account.subPartnerId === null ? {} : { sub_partner_id: account.subPartnerId }),
      request_id: toRequestId(random(REQUEST_ID_BYTES)),
      timestamp: toWireTimestamp(clock.now()),
      format: "JSON",
      version: account.apiVersion,
      random_key: randomKey,
      sign_type: "RSA",
      biz_data: bizData,
    };
  }

  /** The decrypted business object of a success; everything else is thrown. */
  async #unwrap(answer: RestAnswer): Promise<string> {
    // Assumed: a server error proves nothing, whatever its body says. Guarded by client.test.ts.
    if (answer.status >= 500) throw this.fail("outcome_unknown", "server error");
    if (answer.status === 429) throw this.fail("rate_limited", "too many requests");
    if (answer.status >= 300 && answer.status < 400) throw this.fail("malformed", "redirect");
    // Below that the code decides, not the status. Source: Pagsmile, Create Card Contact (tabs 200 and 400).
    const response = parseResponse(answer.body);
    if (response === null) throw this.fail("malformed", "not an answer of this API");
    if (response.code !== SUCCESS_CODE) throw this.#refusal(response);
    this.#checkSender(response);
    const { data, random_key: randomKey } = response;
    if (!data || !randomKey) throw this.fail("malformed", "answer without data");
    return this.#open(randomKey, data);
  }

  /**
   * Nothing is signed, so the echoed `app_id` is the only hint that an answer is meant for us.
   * Assumed: it may be absent or empty, since no page marks it as required; another account's is refused.
   * Guarded by test/datasources/pagsmile/client.test.ts.
   */
  #checkSender(response: WireResponse): void {
    if (response.app_id && response.app_id !== this.#parts.account.appId) {
      throw this.fail("malformed", "answer for another account");
    }
  }

  async #open(randomKey: string, data: string): Promise<string> {
    try {
      return await this.#parts.codec.open({ randomKey, data });
    } catch (thrown) {
      if (thrown instanceof UnreadableEnvelope) throw this.fail("malformed", "answer cannot be decrypted");
      throw this.fail("outcome_unknown", "answer was not decrypted");
    }
  }

  #refusal(response: WireResponse): ProviderError {
    const { kind, reason, providerCode, userError, unlisted } = judgeFailure(response);
    this.#note(kind, providerCode, unlisted);
    return new ProviderError({ provider: this.provider, kind, reason, providerCode, userError });
  }

  #note(kind: ProviderErrorKind, providerCode: string | null, unlisted: boolean): void {
    const provider = this.provider;
    if (kind === "credentials") this.journal.record({ event: "credentials_refused", provider, providerCode });
    if (unlisted) {
      this.journal.record({ event: "unlisted_provider_code", provider, providerCode: providerCode ?? "unreadable" });
    }
  }
}
