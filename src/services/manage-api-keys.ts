import type { ApiKeyRecord, ApiKeyStore } from "../domain/api-key.js";
import { type AuditAction, type AuditLog, OPERATOR } from "../domain/audit.js";
import { isTenant } from "../domain/identity.js";
import type { Scope } from "../domain/scope.js";
import type { Secret } from "../domain/secret.js";

/** A key that was made: its text is told once, to whoever asked for it, and kept nowhere. */
export interface MadeApiKey {
  readonly id: string;
  readonly text: Secret<string>;
}

/** What a key is to open. */
export interface ApiKeyRequest {
  readonly tenant: string;
  /** 1 to 64 printable characters: what the operator calls it. */
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** Null: until it is revoked. */
  readonly expiresAt: Date | null;
}

/** What {@link ManageApiKeys} works with. */
export interface ManageApiKeysParts {
  readonly store: ApiKeyStore;
  readonly audit: AuditLog;
  readonly newKey: () => MadeApiKey & { readonly secretHash: Buffer };
}

const LABEL = /^[\x20-\x7e]{1,64}$/;

/** Makes API keys, lists them and takes them back. */
export class ManageApiKeys {
  readonly #parts: ManageApiKeysParts;

  constructor(parts: ManageApiKeysParts) {
    this.#parts = parts;
  }

  /** Makes a key. Throws a `RangeError` that names the rule when the request breaks one. */
  async create(request: ApiKeyRequest): Promise<MadeApiKey> {
    const { tenant, label, scopes } = request;
    if (!isTenant(tenant)) throw new RangeError("the tenant must be 1 to 64 letters, digits, dots, _ and -");
    if (!LABEL.test(label)) throw new RangeError("the label must be 1 to 64 printable ASCII characters");
    if (scopes.length === 0) throw new RangeError("a key needs at least one scope");
    const { id, text, secretHash } = this.#parts.newKey();
    // First: a key that nobody is told of would be worse than the trace of one that was not made after all.
    await this.#tell("createApiKey", tenant, id, "created");
    await this.#parts.store.create({ ...request, scopes: [...new Set(scopes)], id, secretHash });
    return { id, text };
  }

  /** Newest first, up to `limit`. */
  async list(limit: number): Promise<readonly ApiKeyRecord[]> {
    return this.#parts.store.list(limit);
  }

  /** Takes a key back; servers that know it go on believing it for some seconds. False when there was none to take. */
  async revoke(id: string): Promise<boolean> {
    const revoked = await this.#parts.store.revoke(id);
    const key = revoked ? await this.#parts.store.byId(id) : null;
    if (key) await this.#tell("revokeApiKey", key.tenant, id, "revoked");
    return revoked;
  }

  async #tell(action: AuditAction, tenant: string, target: string, outcome: string): Promise<void> {
    await this.#parts.audit.append({ ...OPERATOR, tenant, action, target, outcome, reason: null, recipient: null });
  }
}
