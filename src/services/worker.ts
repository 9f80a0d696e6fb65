import { setImmediate as yieldToRequests } from "node:timers/promises";

/** How often the worker looks for due work by itself: one look at an index. */
const IDLE_MS = 500;
/** How long it rests after the database failed it. */
const AFTER_ERROR_MS = 5_000;

/**
 * Runs a job over and over in the background: at once when it is woken, otherwise twice a second, and without pause
 * while there is work. It yields to requests in between, since the embedded database shares the event loop.
 */
export class Worker {
  readonly #job: () => Promise<number>;
  readonly #onError: (error: unknown) => void;
  #stopped = true;
  #woken = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  /** `job` resolves with how much it did; `onError` is told what it throws. */
  constructor(job: () => Promise<number>, onError: (error: unknown) => void) {
    this.#job = job;
    this.#onError = onError;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#running = this.#run();
  }

  /** There may be something to do now. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Resolves once the job under way has ended; no other begins. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const restMs = await this.#turn();
      if (restMs === 0) await yieldToRequests();
      else await this.#rest(restMs);
    }
  }

  async #turn(): Promise<number> {
    try {
      return (await this.#job()) > 0 ? 0 : IDLE_MS;
    } catch (error) {
      this.#onError(error);
      return AFTER_ERROR_MS;
    }
  }

  #rest(restMs: number): Promise<void> {
    if (this.#woken || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, restMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
