import type { Clock } from "../domain/clock.js";
import { isRefusal, type ProviderDirectory } from "../domain/directory.js";
import { type Caller, demand } from "../domain/identity.js";
import type { CardRange } from "../domain/provider.js";
import type { ProviderCode } from "../domain/provider-code.js";
import type { UserError } from "../domain/user-error.js";

/** How long a provider's list is answered from memory. Ranges change when a contract does. */
const FRESH_MS = 30_000;

/** A provider's card range, and whose it is. */
export interface ProviderCardRange extends CardRange {
  readonly provider: ProviderCode;
}

interface Cached {
  readonly askedAtMs: number;
  readonly ranges: Promise<readonly ProviderCardRange[]>;
}

/** The card ranges of a provider, cached briefly; callers at the same time share one call. */
export class ListCardRanges {
  readonly #directory: ProviderDirectory;
  readonly #clock: Clock;
  readonly #cache = new Map<ProviderCode, Cached>();

  constructor(directory: ProviderDirectory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Throws {@link ProviderError} when the provider does not answer; nothing is cached then. */
  async execute(caller: Caller, asked: ProviderCode | null): Promise<readonly ProviderCardRange[] | UserError> {
    demand(caller, "cards:read");
    const adapter = this.#directory.choose("listCardRanges", asked);
    if (isRefusal(adapter)) return adapter;
    const nowMs = this.#clock.now().getTime();
    const cached = this.#cache.get(adapter.code);
    if (cached && nowMs - cached.askedAtMs < FRESH_MS) return cached.ranges;
    const ranges = adapter.listCardRanges().then((list) => list.map((range) => ({ ...range, provider: adapter.code })));
    this.#cache.set(adapter.code, { askedAtMs: nowMs, ranges });
    try {
      return await ranges;
    } catch (error) {
      if (this.#cache.get(adapter.code)?.ranges === ranges) this.#cache.delete(adapter.code);
      throw error;
    }
  }
}
