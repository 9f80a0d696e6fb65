import { createHash } from "node:crypto";
import { RateLimiterMemory } from "rate-limiter-flexible";

/** How many wrong or ended credentials one address may send in a minute. */
export const REFUSALS_PER_MINUTE = 60;
/** Credentials that are remembered as right. */
const MAX_WELCOME = 10_000;

/**
 * Keeps an address that sends wrong credentials from having more of them looked into. Behind one address there may be
 * many callers, so credentials that were right before are still looked into: nobody can lock those out who are in.
 */
export class RefusedCallers {
  readonly #refusals = new RateLimiterMemory({ points: REFUSALS_PER_MINUTE, duration: 60 });
  /** Hashes, in order of their last use, the least recent first. */
  readonly #welcome = new Set<string>();

  /** In how many seconds the address may try again; null: these credentials may be looked into now. */
  async waitSeconds(client: string, authorization: string): Promise<number | null> {
    const refused = await this.#refusals.get(client);
    if (refused === null || refused.consumedPoints < REFUSALS_PER_MINUTE) return null;
    return this.#welcome.has(hashOf(authorization)) ? null : Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
  }

  async refused(client: string): Promise<void> {
    await this.#refusals.penalty(client);
  }

  welcomed(authorization: string): void {
    const hash = hashOf(authorization);
    this.#welcome.delete(hash);
    const [oldest] = this.#welcome;
    if (this.#welcome.size >= MAX_WELCOME && oldest !== undefined) this.#welcome.delete(oldest);
    this.#welcome.add(hash);
  }
}

/** So that no credentials lie in the memory for longer than a request. */
function hashOf(authorization: string): string {
  return createHash("sha256").update(authorization).digest("base64");
}
