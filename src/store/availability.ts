import type { StoreUnavailable } from "../domain/store-unavailable.js";
import { asUnavailable } from "./failures.js";

/** Told when the database goes away and comes back. */
export interface AvailabilityReport {
  /** `again` is false for the first failure after a success. */
  readonly onUnavailable?: ((failure: StoreUnavailable, again: boolean) => void) | undefined;
  /** The first success after a failure. */
  readonly onAvailable?: (() => void) | undefined;
}

/** Runs what asks the database and says in one voice when that could not be done for want of a database. */
export class Availability {
  readonly #report: AvailabilityReport;
  #away = false;

  constructor(report: AvailabilityReport) {
    this.#report = report;
  }

  /** Throws {@link StoreUnavailable} when the database is away; every other error passes as it is. */
  async watch<Result>(work: () => Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      throw this.translated(error);
    }
    if (this.#away) {
      this.#away = false;
      this.#report.onAvailable?.();
    }
    return result;
  }

  /** The error to go on with. One that has been translated before is not reported a second time. */
  translated(error: unknown): unknown {
    const failure = asUnavailable(error);
    if (failure === null || failure === error) return error;
    const again = this.#away;
    this.#away = true;
    this.#report.onUnavailable?.(failure, again);
    return failure;
  }
}
