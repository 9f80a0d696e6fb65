import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/**
 * A program of the folder `programs` in a process of its own, asked by messages.
 * @typedef {object} Program
 * @property {number} pid
 * @property {(name: string, ...args: unknown[]) => Promise<any>} ask Throws what it throws, or that it has ended.
 * @property {(name: string, listener: (value: any) => void) => void} on Told what the program announces.
 * @property {Promise<{ code: number | null, signal: string | null }>} ended
 * @property {() => boolean} isRunning
 * @property {() => string} errors The end of what it wrote to its error output.
 * @property {() => Promise<void>} kill SIGKILL to this very process; resolves when it is gone.
 * @property {() => Promise<void>} stop Asks it to end, then kills it.
 */

const ASK_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const MAX_ERRORS = 4_000;

/** What a child may see of this process's environment: nothing that could point it at a real account. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];

/** Everything that was started and has not ended, so that an interrupted run leaves nothing behind. */
const running = new Set();

/** Kills what is left, each by its own pid. */
export function killRest() {
  for (const child of running) child.kill("SIGKILL");
}

/**
 * @param {string} file Name of a file of the folder `programs`.
 * @param {{ env?: Readonly<Record<string, string>>, nodeArgs?: readonly string[] }} [options]
 * @returns {Program}
 */
export function startProgram(file, { env = {}, nodeArgs = [] } = {}) {
  const script = fileURLToPath(new URL(`programs/${file}`, import.meta.url));
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  const child = spawn(process.execPath, [...nodeArgs, script], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  running.add(child);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-MAX_ERRORS);
  });
  const asked = new Map();
  const listeners = new Map();
  let lastId = 0;
  let over = false;
  const ended = new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      over = true;
      running.delete(child);
      for (const { reject } of asked.values())
        reject(new Error(`${file} ended with ${signal ?? `code ${code}`}: ${errors}`));
      asked.clear();
      resolve({ code, signal });
    });
  });
  child.on("error", () => undefined);
  child.on("message", (message) => {
    if (message.announce) return listeners.get(message.announce)?.(message.value);
    const waiting = asked.get(message.id);
    asked.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new Error(`${file}: ${message.error}`));
  });
  const ask = (name, ...args) =>
    new Promise((resolve, reject) => {
      if (over || !child.connected) return reject(new Error(`${file} has ended: ${errors}`));
      const id = ++lastId;
      const timer = setTimeout(() => {
        asked.delete(id);
        reject(new Error(`${file} gave no answer to ${name} in ${ASK_TIMEOUT_MS} ms`));
      }, ASK_TIMEOUT_MS);
      const settled = (settle) => (value) => {
        clearTimeout(timer);
        settle(value);
      };
      asked.set(id, { resolve: settled(resolve), reject: settled(reject) });
      child.send({ id, name, args }, () => undefined);
    });
  const kill = async () => {
    if (over) return;
    child.kill("SIGKILL");
    await ended;
  };
  return {
    pid: child.pid,
    ask,
    on: (name, listener) => void listeners.set(name, listener),
    ended,
    isRunning: () => !over,
    errors: () => errors,
    kill,
    stop: async () => {
      if (over) return;
      const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(force);
    },
  };
}

const taken = new Set();

/**
 * A loopback port that is free now and that no outgoing connection is given: it is below the range of those, so that a
 * server which was killed finds its address free again.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (taken.has(port)) continue;
    const probe = createServer();
    const isFree = await new Promise((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    taken.add(port);
    return port;
  }
}
