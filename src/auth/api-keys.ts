import { timingSafeEqual } from "node:crypto";
import type { ApiKeyRecord, ApiKeyStore } from "../domain/api-key.js";
import type { Clock } from "../domain/clock.js";
import { type Authenticator, type Identity, Unauthenticated } from "../domain/identity.js";
import { readApiKey } from "./api-key.js";
import { bearerToken } from "./bearer.js";

/** Before the id of a key whose holder is a subject. */
const SUBJECT = "key:";
/** How long a key that was read is believed: a revoked one works no longer than this. */
const BELIEVED_MS = 10_000;
/** Keys that are kept in memory, unknown ones among them, so that asking for those costs nothing either. */
const MAX_KEPT = 1_000;
/** Compared with when there is no such key, so that this takes as long. */
const NOBODYS_HASH = Buffer.alloc(32);

interface Kept {
  readonly record: ApiKeyRecord | null;
  readonly untilMs: number;
}

/** Lets in who has an API key. */
export class ApiKeys implements Authenticator {
  readonly #store: ApiKeyStore;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(store: ApiKeyStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async authenticate(authorization: string | undefined): Promise<Identity> {
    const key = readApiKey(bearerToken(authorization));
    if (!key) throw new Unauthenticated("invalid");
    const nowMs = this.#clock.now().getTime();
    const record = await this.#read(key.id, nowMs);
    const isRight = timingSafeEqual(key.secretHash, record?.secretHash ?? NOBODYS_HASH);
    if (!record || !isRight || record.revokedAt !== null) throw new Unauthenticated("invalid");
    if (record.expiresAt !== null && record.expiresAt.getTime() <= nowMs) throw new Unauthenticated("expired");
    return {
      tenant: record.tenant,
      subject: `${SUBJECT}${record.id}`,
      scopes: new Set(record.scopes),
      expiresAt: record.expiresAt,
    };
  }

  async stillHolds({ subject }: Identity): Promise<boolean> {
    const record = await this.#read(subject.slice(SUBJECT.length), this.#clock.now().getTime());
    return record?.revokedAt === null;
  }

  async #read(id: string, nowMs: number): Promise<ApiKeyRecord | null> {
    const kept = this.#kept.get(id);
    if (kept && kept.untilMs > nowMs) return kept.record;
    const record = await this.#store.byId(id);
    this.#kept.delete(id);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(id, { record, untilMs: nowMs + BELIEVED_MS });
    return record;
  }
}
