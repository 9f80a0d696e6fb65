import type { Journal } from "../domain/journal.js";

/** What a caller is told who is not kept waiting any longer. */
export const LATE = {
  status: 503,
  code: "SERVICE_UNAVAILABLE",
  message:
    "The answer took too long, so this server does not keep you waiting. What was begun goes on: send the same " +
    "request again, an order under the same orderNo and a contact under the same idempotencyKey, to be told what " +
    "became of it. A contact without a key may be made twice.",
} as const;

/** Stands for an answer that did not come in time. */
export const TOO_LATE: unique symbol = Symbol("too late");

/** How long a caller waits for one answer, at most. */
export class AnswerBound {
  readonly #afterMs: number;
  readonly #journal: Journal;

  constructor(afterMs: number, journal: Journal) {
    this.#afterMs = afterMs;
    this.#journal = journal;
  }

  /**
   * What `work` comes to, or {@link TOO_LATE}. Nothing is aborted: an order that is under way goes on, and so does
   * everything that is done for it.
   */
  within<Result>(work: Promise<Result>): Promise<Result | typeof TOO_LATE> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#journal.record({ event: "answer_late" });
        resolve(TOO_LATE);
      }, this.#afterMs);
      work.then(
        (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  }
}
