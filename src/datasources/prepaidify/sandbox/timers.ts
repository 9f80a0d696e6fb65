/** Everything that waits or is under way in the sandbox, so that closing ends it at once. */
export class Timers {
  readonly #pending = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();

  /** Aborted when the sandbox closes; for requests that are under way. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Runs a task after a delay in milliseconds, unless the sandbox closes before. */
  after(delayMs: number, task: () => void): void {
    if (this.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      task();
    }, delayMs);
    this.#pending.add(timer);
  }

  /** Resolves after a delay in milliseconds; never if the sandbox closes before. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Drops what waits and aborts what is under way. */
  close(): void {
    this.#closing.abort();
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}
