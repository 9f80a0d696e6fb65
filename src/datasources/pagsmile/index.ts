import { randomBytes } from "node:crypto";
import type { CardProvider, CreateCardContactRequest, CreatedCardContact, EmailPolicy } from "../../domain/provider.js";
import type { ProviderParts, Registration } from "../../domain/registration.js";
import { notificationRoute } from "./callback.js";
import { PagsmileClient } from "./client.js";
import { RsaAesCodec } from "./codec.js";
import { type PagsmileAccount, readAccount } from "./config.js";
import type { RandomBytes } from "./crypto.js";
import { toWireContact } from "./mapping.js";
import { startPagsmileSandbox } from "./sandbox/start-sandbox.js";

/** Pagsmile behind the provider port: it makes card contacts. */
export class PagsmileProvider implements CardProvider {
  readonly code = "PAGSMILE";
  /** A contact's own address is a field of the contact; there is no other that Pagsmile would want. */
  readonly emailPolicy: EmailPolicy = { required: false, fallback: null };
  readonly #client: PagsmileClient;

  constructor(account: PagsmileAccount, parts: ProviderParts, random: RandomBytes = randomBytes) {
    const { publicKey, privateKey, rsaPadding: padding } = account;
    const codec = new RsaAesCodec({ publicKey, privateKey, padding, random });
    const { clock, journal, timeoutMs } = parts;
    this.#client = new PagsmileClient({ account, codec, clock, random, journal, timeoutMs });
  }

  async createCardContact(request: CreateCardContactRequest): Promise<CreatedCardContact> {
    return { providerContactId: await this.#client.createContact(toWireContact(request)) };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** Everything the server knows of Pagsmile. */
export const pagsmile: Registration<PagsmileAccount> = {
  code: "PAGSMILE",
  name: "Pagsmile",
  capabilities: ["createCardContact"],
  readAccount,
  create: (account, parts) => new PagsmileProvider(account, parts),
  callbackRoutes: (account, parts) => [notificationRoute(account.callbackToken, parts.journal)],
  startSandbox: (parts) => startPagsmileSandbox(parts),
};
