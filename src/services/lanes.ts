import { Worker, type WorkerReport } from "./worker.js";

/** Workers that do the same job side by side, so that a job that hangs does not hold up the others. */
export class Lanes {
  readonly #workers: readonly Worker[];

  /** `count` lanes, which may be none; the rest as {@link Worker} takes it. */
  constructor(count: number, job: () => Promise<number>, report: WorkerReport, idleMs?: number) {
    this.#workers = Array.from({ length: count }, () => new Worker(job, report, idleMs));
  }

  start(): void {
    for (const worker of this.#workers) worker.start();
  }

  /** There may be something to do now. */
  wake(): void {
    for (const worker of this.#workers) worker.wake();
  }

  /** Resolves once every job under way has ended; no other begins. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}
