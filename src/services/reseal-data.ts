import type { KeyUse, ResealStore } from "../domain/data-keys.js";
import { PERSONAL_TABLES } from "../domain/personal-data.js";

/** Rows that are sealed anew in one commit: some milliseconds for which they are locked. */
const AT_ONCE = 200;
/** How often all is gone through for the sake of rows that were being written, or that servers sealed meanwhile. */
const MAX_PASSES = 5;

/** What came of sealing everything anew. */
export interface ResealReport {
  readonly resealed: number;
  /** Rows that no key opens. */
  readonly unreadable: number;
  /** Under which keys rows are sealed now. */
  readonly uses: readonly KeyUse[];
  /** Keys that nothing is sealed under any more. */
  readonly unused: readonly string[];
}

/**
 * Seals all personal data anew under the first key, a batch at a time, while servers run. It may be stopped at any
 * moment and run again: what is done is not done twice.
 */
export class ResealData {
  readonly #store: ResealStore;

  constructor(store: ResealStore) {
    this.#store = store;
  }

  /** Throws only when the database does; what was sealed by then stays so. */
  async run(): Promise<ResealReport> {
    let [resealed, unreadable] = [0, 0];
    for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
      const done = await this.#pass();
      resealed += done.resealed;
      unreadable = done.unreadable;
      if (done.resealed === 0) break;
    }
    const unused = await this.#store.forgetUnused();
    return { resealed, unreadable, uses: await this.#store.uses(), unused };
  }

  async #pass(): Promise<{ readonly resealed: number; readonly unreadable: number }> {
    let [resealed, unreadable] = [0, 0];
    for (const table of PERSONAL_TABLES) {
      for (let after: string | null = ""; after !== null; ) {
        const batch = await this.#store.reseal(table, after, AT_ONCE);
        resealed += batch.resealed;
        unreadable += batch.unreadable;
        after = batch.last;
      }
    }
    return { resealed, unreadable };
  }
}
