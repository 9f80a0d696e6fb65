import { RateLimiterMemory } from "rate-limiter-flexible";

/** How many addresses and orders that do not exist one client may ask for in a minute. */
export const MISSES_PER_MINUTE = 60;
/** The same for all clients together; far more than any mistake makes, far less than a database takes. */
export const MISSES_IN_ALL_PER_MINUTE = 6_000;
/** Clients that are remembered as providers. */
const MAX_KNOWN = 1_000;

const EVERYBODY = "everybody";

/**
 * Keeps those who guess at the addresses that providers call from having every guess looked up. Whoever has been right
 * once is a provider, or has what only a provider is given, and is looked up for ever: nobody else's guesses hold them
 * up.
 */
export class CallbackStrangers {
  readonly #misses = new RateLimiterMemory({ points: MISSES_PER_MINUTE, duration: 60 });
  readonly #all = new RateLimiterMemory({ points: MISSES_IN_ALL_PER_MINUTE, duration: 60 });
  /** In order of their last right request, the least recent first. */
  readonly #known = new Set<string>();

  /** In how many seconds something is looked up for the client again; null: it is now. */
  async waitSeconds(client: string): Promise<number | null> {
    if (this.#known.has(client)) return null;
    const [own, all] = await Promise.all([this.#misses.get(client), this.#all.get(EVERYBODY)]);
    const waits = [
      ...(own && own.consumedPoints >= MISSES_PER_MINUTE ? [own.msBeforeNext] : []),
      ...(all && all.consumedPoints >= MISSES_IN_ALL_PER_MINUTE ? [all.msBeforeNext] : []),
    ];
    return waits.length === 0 ? null : Math.max(1, Math.ceil(Math.max(...waits) / 1_000));
  }

  /** Counts a request for what does not exist. */
  async missed(client: string): Promise<void> {
    if (this.#known.has(client)) return;
    await Promise.all([this.#misses.penalty(client), this.#all.penalty(EVERYBODY)]);
  }

  /** Remembers a client that named what exists. */
  wasRight(client: string): void {
    this.#known.delete(client);
    const [oldest] = this.#known;
    if (this.#known.size >= MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(client);
  }
}
