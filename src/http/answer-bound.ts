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

/** How often within the bound is looked who has waited long enough; somebody may be told that much too early. */
const LOOKS = 20;

/** Somebody who waits for an answer. */
interface Waiting {
  readonly sinceMs: number;
  readonly answer: (late: typeof TOO_LATE) => void;
}

/**
 * How long a caller waits for one answer, at most. One timer looks after all that wait, now and then, and none runs
 * while nobody does: a timer for each would be made and cleared again for nearly every request.
 */
export class AnswerBound {
  readonly #afterMs: number;
  readonly #journal: Journal;
  /** With places that nobody has just now, whose numbers are in `#free`. */
  readonly #waiting: (Waiting | null)[] = [];
  readonly #free: number[] = [];
  #timer: NodeJS.Timeout | null = null;

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
      const waiting = { sinceMs: performance.now(), answer: resolve };
      const place = this.#free.pop() ?? this.#waiting.length;
      this.#waiting[place] = waiting;
      this.#lookLater();
      work.then(
        (result) => {
          this.#leave(place, waiting);
          resolve(result);
        },
        (error: unknown) => {
          this.#leave(place, waiting);
          reject(error);
        },
      );
    });
  }

  /** Whoever was given up has left already, and somebody else may have come in their place. */
  #leave(place: number, waiting: Waiting): void {
    if (this.#waiting[place] !== waiting) return;
    this.#waiting[place] = null;
    this.#free.push(place);
  }

  #lookLater(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#giveUpLate()) this.#lookLater();
    }, this.#afterMs / LOOKS).unref();
  }

  /** Whether somebody waits still. */
  #giveUpLate(): boolean {
    // Whoever would be late at the next look is told now.
    const lateSinceMs = performance.now() - this.#afterMs * (1 - 1 / LOOKS);
    for (const [place, waiting] of this.#waiting.entries()) {
      if (!waiting || waiting.sinceMs > lateSinceMs) continue;
      this.#leave(place, waiting);
      this.#journal.record({ event: "answer_late" });
      waiting.answer(TOO_LATE);
    }
    return this.#free.length < this.#waiting.length;
  }
}
