import { setImmediate as yieldToRequests } from "node:timers/promises";

/** How often the worker looks for due work by itself: one look at an index. */
const IDLE_MS = 500;
/** How long it rests after a job that failed: first, and at most; each rest of a row is twice the one before. */
const AFTER_ERROR_MS = { first: 250, most: 5_000 } as const;

/** Who is told how a worker's jobs go. */
export interface WorkerReport {
  /** Told the first error of a row of them. */
  readonly onError: (error: unknown) => void;
  /** Told of the first success after a row of errors. */
  readonly onRecovered: () => void;
}

/**
 * Runs a job over and over in the background: at once when it is woken, otherwise twice a second, and without pause
 * while there is work. It yields to requests in between, since the embedded database shares the event loop.
 */
export class Worker {
  readonly #job: () => Promise<number>;
  readonly #report: WorkerReport;
  readonly #idleMs: number;
  #afterErrorMs: number = AFTER_ERROR_MS.first;
  #failing = false;
  #stopped = true;
  #woken = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  /** `job` resolves with how much it did; `idleMs` is how often it is done when nobody wakes the worker. */
  constructor(job: () => Promise<number>, report: WorkerReport, idleMs = IDLE_MS) {
    this.#job = job;
    this.#report = report;
    this.#idleMs = idleMs;
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
      const done = await this.#job();
      if (this.#failing) this.#report.onRecovered();
      this.#failing = false;
      this.#afterErrorMs = AFTER_ERROR_MS.first;
      return done > 0 ? 0 : this.#idleMs;
    } catch (error) {
      if (!this.#failing) this.#report.onError(error);
      this.#failing = true;
      const restMs = this.#afterErrorMs;
      this.#afterErrorMs = Math.min(restMs * 2, AFTER_ERROR_MS.most);
      return restMs;
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
