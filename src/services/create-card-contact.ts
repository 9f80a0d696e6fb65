import type { ActingCaller, AuditLog } from "../domain/audit.js";
import type { ContactFilter, ContactOutcome, ContactStore, NewContact } from "../domain/card-store.js";
import type { CardContact } from "../domain/contact.js";
import { isRefusal, type ProviderDirectory } from "../domain/directory.js";
import { failureOf } from "../domain/failure.js";
import type { Fingerprints } from "../domain/fingerprint.js";
import { type Caller, demand } from "../domain/identity.js";
import type { CardContactId, IdSource } from "../domain/ids.js";
import type { OrderFailure } from "../domain/order.js";
import type { Page } from "../domain/page.js";
import type { CardProvider, CreateCardContactRequest } from "../domain/provider.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { ProviderError } from "../domain/provider-error.js";
import { type UserError, userError } from "../domain/user-error.js";

/** What a caller wants made. Every value has been checked against its rule. */
export interface CreateCardContactCommand extends CreateCardContactRequest {
  readonly idempotencyKey: string | null;
  readonly provider: ProviderCode | null;
}

/** The contact, or why there is none. */
export interface CreateCardContactResult {
  readonly contact: CardContact | null;
  /** True when this is the answer to an earlier request with the same key. */
  readonly replayed: boolean;
  readonly userErrors: readonly UserError[];
}

/** What {@link CreateCardContact} works with. */
export interface CreateCardContactParts {
  readonly directory: ProviderDirectory;
  readonly contacts: ContactStore;
  readonly fingerprints: Fingerprints;
  readonly ids: IdSource;
  readonly audit: AuditLog;
  /** Bound on one provider call, in milliseconds. */
  readonly timeoutMs: number;
}

type ContactProvider = Required<Pick<CardProvider, "createCardContact">>;

/** How much longer than the provider call a contact stays marked as being sent. */
const LEASE_MARGIN_MS = 15_000;

/**
 * Makes a card contact. It spends nothing, but the provider has no order number for it, so a repeat would make a
 * second one: with an idempotency key the contact is committed before it is sent and is sent once.
 */
export class CreateCardContact {
  readonly #parts: CreateCardContactParts;

  constructor(parts: CreateCardContactParts) {
    this.#parts = parts;
  }

  /** Throws `Forbidden`, or what the database throws. */
  async execute(command: CreateCardContactCommand, caller: ActingCaller): Promise<CreateCardContactResult> {
    demand(caller, "contacts:write");
    const { tenant, actor: by } = caller;
    const { directory, fingerprints, ids } = this.#parts;
    const { idempotencyKey, provider: asked, ...request } = command;
    const adapter = directory.choose("createCardContact", asked);
    if (isRefusal(adapter)) return failed(adapter);
    const toCompare = { ...request, provider: adapter.code, mode: directory.get(adapter.code).mode };
    const contact: NewContact = {
      id: ids.cardContact(),
      tenant,
      provider: adapter.code,
      idempotencyKey,
      fingerprint: fingerprints.of(toCompare),
      request,
      by,
    };
    return idempotencyKey === null ? this.#once(contact, adapter) : this.#keyed(contact, toCompare, adapter);
  }

  /** Without a key: one call, and one row once it has succeeded. */
  async #once(contact: NewContact, adapter: ContactProvider): Promise<CreateCardContactResult> {
    const outcome = await callProvider(contact, adapter);
    if (outcome.kind !== "created") {
      const { id: target, tenant, by } = contact;
      const what = {
        action: "createCardContact",
        target,
        outcome: outcome.kind,
        reason: null,
        recipient: null,
      } as const;
      await this.#parts.audit.append({ ...by, tenant, ...what });
      return failed(errorOf(outcome, false));
    }
    const made = await this.#parts.contacts.add(contact, outcome.providerContactId);
    return { contact: made, replayed: false, userErrors: [] };
  }

  async #keyed(contact: NewContact, toCompare: object, adapter: ContactProvider): Promise<CreateCardContactResult> {
    const { contacts, fingerprints, timeoutMs } = this.#parts;
    const { contact: placed, placed: isNew } = await contacts.place(contact);
    // Of a contact that was erased nothing is left to compare with.
    const isSame = placed.state === "ERASED" || fingerprints.matches(placed.fingerprint, toCompare);
    if (!isNew && !isSame) return failed(MISMATCH);
    if (placed.state === "INTENT" && (await contacts.startSending(placed.id, timeoutMs + LEASE_MARGIN_MS))) {
      const outcome = await callProvider(contact, adapter);
      return present(await contacts.finish(placed.id, outcome), !isNew);
    }
    const standing = isNew ? placed : ((await contacts.byKey(contact.tenant, contact.idempotencyKey ?? "")) ?? placed);
    return present(standing, true);
  }

  /** A contact that the provider has made, or null. */
  async byId(caller: Caller, id: CardContactId): Promise<CardContact | null> {
    demand(caller, "contacts:read");
    return this.#parts.contacts.byId(caller.tenant, id);
  }

  /** Up to `page.first + 1` contacts that the provider has made, newest first; `page.first` is 1 to 100. */
  async list(caller: Caller, page: Page, filter: ContactFilter): Promise<readonly CardContact[]> {
    demand(caller, "contacts:read");
    return this.#parts.contacts.list(caller.tenant, page, filter);
  }

  /** Contacts that the provider has made; the others are not there. */
  async byIds(caller: Caller, ids: readonly CardContactId[]): Promise<readonly CardContact[]> {
    demand(caller, "contacts:read");
    return this.#parts.contacts.byIds(caller.tenant, ids);
  }
}

const MISMATCH = userError(
  "IDEMPOTENCY_MISMATCH",
  "This idempotencyKey was used before with another input. The earlier contact is untouched.",
  { field: ["idempotencyKey"] },
);

async function callProvider(contact: NewContact, adapter: ContactProvider): Promise<ContactOutcome> {
  try {
    const { providerContactId } = await adapter.createCardContact(contact.request);
    return { kind: "created", providerContactId };
  } catch (error) {
    if (!(error instanceof ProviderError)) return { kind: "unclear" };
    const failure = error.kind === "conflict" ? duplicate(error) : failureOf(error);
    if (failure) return { kind: "failed", failure };
    return { kind: error.kind === "unavailable" ? "not_sent" : "unclear" };
  }
}

/** The provider has such a contact already. Unlike an order's, this refusal hides no money. */
function duplicate(error: ProviderError): OrderFailure {
  return { code: "PROVIDER_REJECTED", providerCode: error.providerCode, field: null };
}

function failed(error: UserError): CreateCardContactResult {
  return { contact: null, replayed: false, userErrors: [error] };
}

function present(contact: CardContact, replayed: boolean): CreateCardContactResult {
  switch (contact.state) {
    case "COMPLETED":
      return { contact, replayed, userErrors: [] };
    case "FAILED":
      return { contact: null, replayed, userErrors: [refusal(contact.failure)] };
    case "INTENT":
      return { contact: null, replayed, userErrors: [errorOf({ kind: "not_sent" }, true)] };
    case "UNCONFIRMED":
      return { contact: null, replayed, userErrors: [errorOf({ kind: "unclear" }, true)] };
    case "SENDING":
      return { contact: null, replayed, userErrors: [BEING_SENT] };
    case "ERASED":
      return { contact: null, replayed, userErrors: [ERASED] };
  }
}

const BEING_SENT = userError(
  "OUTCOME_UNKNOWN",
  "A request with this idempotencyKey is under way. Send the same request again in a moment for its answer.",
  { retryable: true },
);

const ERASED = userError(
  "NOT_FOUND",
  "The contact that was made with this idempotencyKey has been erased. A new idempotencyKey makes another.",
  { field: ["idempotencyKey"] },
);

function errorOf(outcome: Exclude<ContactOutcome, { kind: "created" }>, keyed: boolean): UserError {
  switch (outcome.kind) {
    case "failed":
      return refusal(outcome.failure);
    case "not_sent":
      return userError("PROVIDER_UNAVAILABLE", "The provider could not be reached, so nothing was sent.", {
        retryable: true,
      });
    case "unclear":
      return userError(
        "OUTCOME_UNKNOWN",
        keyed
          ? "The provider's answer was unclear: the contact may exist. Nothing was spent; a new idempotencyKey makes another."
          : "The provider's answer was unclear: the contact may exist. Nothing was spent; sending again may make another.",
      );
  }
}

function refusal(failure: OrderFailure | null): UserError {
  if (failure?.code === "PROVIDER_MISCONFIGURED") {
    return userError(
      "PROVIDER_MISCONFIGURED",
      "The provider refused this server's own account, and the operator has been told. Nothing was made.",
    );
  }
  return userError(failure?.code ?? "PROVIDER_REJECTED", "The provider refused the contact. Nothing was made.", {
    providerCode: failure?.providerCode ?? null,
    field: failure?.field ?? null,
  });
}
