import type { Clock } from "../domain/clock.js";

const MINUTE_MS = 60_000;

/** How often a tenant may reveal cards: so many times in each minute of the clock, in this process. */
export class RevealAllowance {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #taken = new Map<string, number>();
  #minute = Number.NaN;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes one; false when the tenant has had all of this minute's. */
  take(tenant: string): boolean {
    const minute = Math.floor(this.#clock.now().getTime() / MINUTE_MS);
    if (minute !== this.#minute) this.#taken.clear();
    this.#minute = minute;
    const taken = this.#taken.get(tenant) ?? 0;
    if (taken >= this.#perMinute) return false;
    this.#taken.set(tenant, taken + 1);
    return true;
  }
}
