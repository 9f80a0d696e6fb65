import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onCore, preferProcess } from "./cpu.mjs";

/**
 * A program of this folder in a process of its own, asked by messages.
 * @typedef {object} ChildProgram
 * @property {(request: object, timeoutMs: number) => Promise<any>} ask One request at a time. Throws what it throws.
 * @property {() => Promise<void>} stop Resolves when it has ended.
 */

/** How long a program may take to end by itself. */
const END_TIMEOUT_MS = 3_000;

/**
 * Starts a program that answers with {@link answerParent}.
 * @param {string} file Name of a file of this folder.
 * @param {{ core?: string, preferred?: boolean }} [options]
 * @returns {ChildProgram}
 */
export function startProgram(file, { core, preferred = false } = {}) {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const [command, ...args] = [...onCore(core), process.execPath, script];
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  if (preferred) preferProcess(child.pid);
  const ended = new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`${file} ended with ${signal ?? `code ${code}`}`)));
  });
  ended.catch(() => undefined);
  return {
    ask: async (request, timeoutMs) => {
      let timer;
      const timeout = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${file} gave no answer in ${timeoutMs} ms`)), timeoutMs);
      });
      const answer = new Promise((resolve) => child.once("message", resolve));
      child.send(request, () => undefined);
      const { error, result } = await Promise.race([answer, ended, timeout]).finally(() => clearTimeout(timer));
      if (error !== undefined) throw new Error(error);
      return result;
    },
    // A program ends by itself when its channel does, this process's death included.
    stop: async () => {
      if (child.connected) child.disconnect();
      const force = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
      await ended.catch(() => clearTimeout(force));
    },
  };
}

/**
 * The other side: answers each request of the parent process, and ends with it.
 * @param {(request: any) => Promise<unknown>} handle
 */
export function answerParent(handle) {
  process.on("message", async (request) => {
    const answer = await handle(request).then(
      (result) => ({ result }),
      (error) => ({ error: error.message }),
    );
    process.send?.(answer);
  });
  process.on("disconnect", () => process.exit(0));
  // The terminal tells the whole group to stop; this process ends when its parent has stopped the server.
  process.on("SIGINT", () => undefined);
}
