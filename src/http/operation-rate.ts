import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** How many operations each tenant may send to this process in a minute. */
export class OperationRate {
  readonly #operations: RateLimiterMemory | null;

  /** 0: any number. */
  constructor(perMinute: number) {
    this.#operations = perMinute === 0 ? null : new RateLimiterMemory({ points: perMinute, duration: 60 });
  }

  /** Counts one more operation. In how many seconds it may be sent again; null: it may go on. */
  async waitSeconds(tenant: string): Promise<number | null> {
    try {
      await this.#operations?.consume(tenant);
      return null;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    }
  }
}
