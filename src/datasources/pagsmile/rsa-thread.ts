import type { KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import { type RsaPadding, rsaOptions } from "./crypto.js";

/** Decryptions that may wait at the same time. More than the connections to one provider, so only a fault fills it. */
const MAX_WAITING = 256;

/** The thread could not do its work: ended, overloaded or closed. Says nothing about the message itself. */
export class RsaThreadLost extends Error {
  override readonly name = "RsaThreadLost";
}

/** Starts the thread that holds the private key. A parameter, so that tests can start one that dies. */
export type StartWorker = (privateKey: KeyObject, padding: RsaPadding) => Worker;

interface Answer {
  readonly id: number;
  /** Null when the ciphertext does not decrypt; why is nobody's business. */
  readonly message: Uint8Array | null;
}

interface Waiting {
  readonly resolve: (message: Uint8Array | null) => void;
  readonly reject: (error: RsaThreadLost) => void;
}

/**
 * How much the thread yields to the event loop where they have one core together, as `nice` counts. Requests that need
 * no envelope are then hardly kept waiting by it: the p50 of a card beside 400 contacts a second on one core fell from
 * 7 to 24 ms to some 5. By the kernel's weights a tenth of a busy core is left for it: some 250 answers a second.
 */
const NICENESS = 10;

/**
 * The thread's program. Text rather than a file of its own, because a thread loads files without the build or the
 * test runner in between: one text works from compiled and from TypeScript sources alike. CommonJS, as `eval` wants.
 */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { privateDecrypt } = require("node:crypto");
const { readlinkSync } = require("node:fs");
const { getPriority, setPriority } = require("node:os");
try {
  // Linux has priorities for threads, and says here which one this is. Elsewhere all of the process has one.
  const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  setPriority(thread, Math.min(getPriority(thread) + ${NICENESS}, 19));
} catch {}
parentPort.on("message", ({ id, ciphertext }) => {
  let message = null;
  try {
    message = new Uint8Array(privateDecrypt(workerData, ciphertext));
  } catch {}
  parentPort.postMessage({ id, message });
});
`;

/**
 * Starts the real thread. The key is handed over as a key object, never as text; the thread sees no environment and
 * none of this process's loader options.
 */
export const startRsaWorker: StartWorker = (privateKey, padding) =>
  new Worker(PROGRAM, {
    eval: true,
    workerData: { key: privateKey, ...rsaOptions(padding) },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });

/**
 * RSA private-key decryption off the event loop.
 *
 * Node's `privateDecrypt` is synchronous and WebCrypto has no PKCS#1 v1.5 encryption, so the work goes to a thread.
 * Measured on Node 24, RSA-2048: 264 µs on the event loop against 40 µs for handing it over. One thread is enough: it
 * opens about 2,500 answers a second. It starts with the first call or {@link RsaThread.warmUp}, does not keep the
 * process alive while idle, and is replaced by the next call after it died.
 */
export class RsaThread {
  readonly #privateKey: KeyObject;
  readonly #padding: RsaPadding;
  readonly #start: StartWorker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  #closed = false;

  constructor(privateKey: KeyObject, padding: RsaPadding, start: StartWorker = startRsaWorker) {
    this.#privateKey = privateKey;
    this.#padding = padding;
    this.#start = start;
  }

  /** Starts the thread ahead of its first use, so that its start (some 35 ms) overlaps with waiting for the answer. */
  warmUp(): void {
    if (!this.#closed) this.#running();
  }

  /** The decrypted bytes, or null when the ciphertext does not decrypt. Throws {@link RsaThreadLost}. */
  decrypt(ciphertext: Uint8Array): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new RsaThreadLost("closed"));
      if (this.#waiting.size >= MAX_WAITING) return reject(new RsaThreadLost("overloaded"));
      const worker = this.#running();
      const id = ++this.#lastId;
      if (this.#waiting.size === 0) worker.ref();
      this.#waiting.set(id, { resolve, reject });
      // Copied, because a small buffer shares its memory with others and all of that memory would be posted.
      worker.postMessage({ id, ciphertext: new Uint8Array(ciphertext) });
    });
  }

  /** Ends the thread; decryptions still waiting fail with {@link RsaThreadLost}. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    this.#failAll("closed");
    await worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#start(this.#privateKey, this.#padding);
    const lost = (): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#failAll("ended");
    };
    worker.on("message", (answer: Answer) => this.#settle(worker, answer));
    worker.on("error", lost);
    worker.on("messageerror", lost);
    worker.on("exit", lost);
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(worker: Worker, answer: Answer): void {
    this.#waiting.get(answer.id)?.resolve(answer.message);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) worker.unref();
  }

  #failAll(why: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new RsaThreadLost(why));
  }
}
