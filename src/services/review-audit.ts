import { type AuditFilter, type AuditRow, type AuditTrail, chainHash, FIRST_HASH } from "../domain/audit-chain.js";

/** Rows that are sealed or checked at a time. */
const AT_ONCE = 500;

/** What checking the audit log comes to. */
export type AuditVerdict =
  /** Every row fits; `head` is the last one's hash, to be noted elsewhere. */
  | { readonly kind: "ok"; readonly count: number; readonly head: string }
  /** The first place that does not fit: its row was changed, another stands there, or none does. */
  | { readonly kind: "broken"; readonly position: number; readonly id: number | null }
  /** Everything fits, but a hash that was noted earlier is not there: rows were removed from the end, or all anew. */
  | { readonly kind: "cut"; readonly count: number };

/** Seals the audit log, reads it and checks that nobody has changed it since. */
export class ReviewAudit {
  readonly #trail: AuditTrail;

  constructor(trail: AuditTrail) {
    this.#trail = trail;
  }

  /** Seals rows that wait for it, a batch at a time. Resolves with how many it sealed. */
  async seal(): Promise<number> {
    return this.#trail.seal(AT_ONCE);
  }

  /** Newest first, up to `limit`. */
  async list(filter: AuditFilter, limit: number): Promise<readonly AuditRow[]> {
    return this.#trail.list(filter, limit);
  }

  /**
   * Walks the whole chain, after what is not sealed yet has been. With `noted`, the `head` of an earlier verdict, that
   * hash has to be met on the way.
   */
  async verify(noted: string | null): Promise<AuditVerdict> {
    while ((await this.seal()) > 0);
    let [count, head, met] = [0, FIRST_HASH, noted === null || noted === FIRST_HASH];
    for (;;) {
      const rows = await this.#trail.sealedAfter(count, AT_ONCE);
      for (const row of rows) {
        const position = count + 1;
        const isThere = row.position === position;
        head = chainHash(head, position, row);
        if (!isThere || row.hash !== head) return { kind: "broken", position, id: isThere ? row.id : null };
        met ||= head === noted;
        count = position;
      }
      if (rows.length < AT_ONCE) return met ? { kind: "ok", count, head } : { kind: "cut", count };
    }
  }
}
