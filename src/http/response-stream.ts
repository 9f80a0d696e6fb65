import type { ExecutionResult } from "graphql";

/** How a stream of source events becomes a stream of responses. */
export interface ResponseStreamParts {
  /** The events of the subscribed field. */
  readonly source: AsyncIterator<unknown>;
  /** Answers one event; when it throws, the stream ends with that error. */
  readonly respond: (event: unknown) => Promise<ExecutionResult>;
  /** An error of the source or of `respond`, as the client may see it. */
  readonly present: (error: unknown) => Error;
  /** When the reader may no longer read; null: by itself never. */
  readonly until: Date | null;
  /** The error that the stream ends with then. */
  readonly ended: () => unknown;
}

/** The longest that a timer can wait. */
const MAX_TIMER_MS = 2_147_483_647;

type Step = IteratorResult<ExecutionResult, void>;
const END: Step = { value: undefined, done: true };

/**
 * The responses of one subscription, for one reader. It can be left at any time: `return` lets a waiting reader go at
 * once and tells the source, whatever the source is doing just then. A generator could not do that, since it queues its
 * `return` behind the event that it waits for.
 */
export class ResponseStream implements AsyncIterableIterator<ExecutionResult, void, void> {
  readonly #parts: ResponseStreamParts;
  #ended = false;
  #sourceIsOver = false;
  #onEnd: (() => void) | null = null;
  #letReaderGo: (() => void) | null = null;
  /** What the reader is yet to be told. */
  #failure: Error | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: ResponseStreamParts) {
    this.#parts = parts;
    if (parts.until) this.#endAt(parts.until.getTime());
  }

  /** Calls `listener` once when the stream has ended, for whatever reason; at once if it already has. */
  whenEnded(listener: () => void): void {
    if (this.#ended) listener();
    else this.#onEnd = listener;
  }

  /** The next response. Rejects with the presented error when the source fails; the stream has then ended. */
  next(): Promise<Step> {
    return new Promise((resolve, reject) => {
      this.#letReaderGo = () => {
        const failure = this.#failure;
        this.#failure = null;
        if (failure) reject(failure);
        else resolve(END);
      };
      if (this.#ended) return this.#letReaderGo();
      this.#advance().then(resolve, reject);
    });
  }

  /** Ends the stream and tells the source. */
  async return(): Promise<Step> {
    this.#end();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #advance(): Promise<Step> {
    try {
      const event = await this.#nextEvent();
      if (event.done) {
        this.#end();
        return END;
      }
      const value = await this.#parts.respond(event.value);
      return this.#ended ? END : { value, done: false };
    } catch (error) {
      if (this.#ended) return END;
      // The reader is told of the error instead.
      this.#letReaderGo = null;
      this.#end();
      throw this.#parts.present(error);
    }
  }

  /** Notes when the source ends by itself or fails: it is not to be told to stop then. */
  async #nextEvent(): Promise<IteratorResult<unknown>> {
    let over = true;
    try {
      const event = await this.#parts.source.next();
      over = event.done === true;
      return event;
    } finally {
      this.#sourceIsOver = over;
    }
  }

  #endAt(endMs: number): void {
    const leftMs = endMs - Date.now();
    this.#timer = setTimeout(
      () => {
        if (Date.now() < endMs) return this.#endAt(endMs);
        if (!this.#ended) this.#failure = this.#parts.present(this.#parts.ended());
        this.#end();
      },
      Math.min(Math.max(leftMs, 0), MAX_TIMER_MS),
    ).unref();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (!this.#sourceIsOver) this.#leaveSource();
    this.#onEnd?.();
    this.#letReaderGo?.();
  }

  /** A source that fails to stop is reported, and holds nobody up. */
  #leaveSource(): void {
    const { source, present } = this.#parts;
    const leaving = (async () => source.return?.())();
    leaving.catch((error: unknown) => present(error));
  }
}
