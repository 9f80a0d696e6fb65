import { setTimeout as pause } from "node:timers/promises";
import { StoreUnavailable } from "../domain/store-unavailable.js";

/** Rest between attempts: first, and at most; each is twice the one before. */
const REST_MS = { first: 100, most: 1_000 } as const;

/** How long answers are held on to, in milliseconds. */
export interface HoldTimes {
  /** How long whoever waits for an answer to be written waits at most. */
  readonly waitMs: number;
  /** How long it is tried to be written at all. */
  readonly holdMs: number;
}

/** What {@link HeldAnswers} works with. */
export interface HeldAnswersParts {
  readonly times: HoldTimes;
  /** Told why an answer could not be written in all that time, or before the process ended. */
  readonly onLost: (error: unknown) => void;
}

/**
 * Holds on to what a provider answered until it is written: nobody else knows it. Whoever waits for it is let go before
 * that, and the attempts go on without them, whatever the error was.
 */
export class HeldAnswers {
  readonly #parts: HeldAnswersParts;
  readonly #held = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: HeldAnswersParts) {
    this.#parts = parts;
  }

  /**
   * Does `write`, which must be safe to repeat, until it succeeds. Throws the error of the last attempt when that takes
   * longer than one waits; {@link StoreUnavailable} when the first attempt has not even failed by then.
   */
  async write<Result>(write: () => Promise<Result>): Promise<Result> {
    const { waitMs } = this.#parts.times;
    let last: { readonly error: unknown } | null = null;
    const written = this.#untilWritten(write, (error) => {
      last = { error };
    });
    const held = written.then(
      () => undefined,
      (error: unknown) => this.#parts.onLost(error),
    );
    this.#held.add(held);
    void held.finally(() => this.#held.delete(held));
    // Not a timer that is aborted: each of those costs an error, which hardly any answer needs.
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(last ? last.error : new StoreUnavailable("no_answer_in_time")), waitMs);
      void written.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  /** Waits for what is still held, for `graceMs` at most; then lets go of it. */
  async close(graceMs: number): Promise<void> {
    const waited = new AbortController();
    const grace = pause(graceMs, undefined, { signal: waited.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#held), grace]);
    waited.abort();
    this.#stop.abort();
  }

  async #untilWritten<Result>(write: () => Promise<Result>, onFailed: (error: unknown) => void): Promise<Result> {
    const { signal } = this.#stop;
    const endMs = performance.now() + this.#parts.times.holdMs;
    let restMs: number = REST_MS.first;
    for (;;) {
      try {
        return await write();
      } catch (error) {
        onFailed(error);
        if (signal.aborted || performance.now() + restMs > endMs) throw error;
      }
      // A rest that is cut short is followed by a last attempt.
      await pause(restMs, undefined, { signal }).catch(() => undefined);
      restMs = Math.min(restMs * 2, REST_MS.most);
    }
  }
}
