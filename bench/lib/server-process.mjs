import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

/**
 * A server that runs as a child of this process.
 * @typedef {object} ServerProcess
 * @property {number} pid
 * @property {string} url Address without a trailing slash.
 * @property {string | null} inspectorUrl Where the debugger listens, if it was asked for.
 * @property {() => Promise<void>} stop Ends it, by force if it does not listen, and resolves when it is gone. May be
 *   called twice.
 */

/**
 * How a server is started.
 * @typedef {object} ServerOptions
 * @property {string} script Path of the program.
 * @property {Readonly<Record<string, string>>} env Its whole environment, but for {@link INHERITED}.
 * @property {readonly string[]} [nodeArgs] Options for Node itself.
 * @property {readonly string[]} [launcher] A command to start Node with, such as `taskset -c 0`.
 * @property {string} [readyPath] Answers 200 once the server is ready (`/health/ready`).
 * @property {AbortSignal} [signal] Gives up waiting; the server is stopped then.
 */

/** What a child may see of this process's environment: nothing that could point it at a real account. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 4_000;
const READY_POLL_MS = 20;
/** Characters of its error output that are kept for a message. */
const MAX_ERRORS = 4_000;

/** Servers that have not ended. An interruption may end this process before it has stopped them one by one. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts a server and resolves when it is ready. Throws with what the server itself said when it ends before, and
 * leaves no process behind then.
 * @param {ServerOptions} options
 * @returns {Promise<ServerProcess>}
 */
export async function startServer({ script, env, nodeArgs = [], launcher = [], readyPath = "/health/ready", signal }) {
  const [command, ...args] = [...launcher, process.execPath, ...nodeArgs, script];
  const child = spawn(command, args, { env: { ...inherited(), ...env }, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const said = listenTo(child);
  const stop = stopOnce(child);
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const giveUp = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const url = await waitFor(() => /(http:\/\/[^\s/]+)\/graphql/.exec(said.output)?.[1], said, giveUp);
    await waitFor(() => isReady(url + readyPath, giveUp), said, giveUp);
    const inspectorUrl = /Debugger listening on (ws:\S+)/.exec(said.errors)?.[1] ?? null;
    return { pid: child.pid, url, inspectorUrl, stop };
  } catch (error) {
    await stop();
    if (timeout.aborted && !signal?.aborted) {
      throw new Error(`The server was not ready after ${START_TIMEOUT_MS / 1000} s.`, { cause: error });
    }
    throw error;
  }
}

function inherited() {
  return Object.fromEntries(INHERITED.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
}

function listenTo(child) {
  const said = { output: "", errors: "", ended: null };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said.output = (said.output + text).slice(-MAX_ERRORS);
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said.errors = (said.errors + text).slice(0, MAX_ERRORS);
  });
  child.on("error", (error) => {
    said.ended = error.message;
  });
  child.on("close", (code, signalName) => {
    said.ended ??= said.errors.trim() || `it ended with ${signalName ?? `code ${code}`}`;
  });
  return said;
}

async function waitFor(probe, said, signal) {
  for (;;) {
    signal.throwIfAborted();
    if (said.ended !== null) throw new Error(`The server did not start: ${said.ended}`);
    const found = await probe();
    if (found) return found;
    await pause(READY_POLL_MS, undefined, { signal });
  }
}

async function isReady(url, signal) {
  const answer = await fetch(url, { signal }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

function stopOnce(child) {
  let stopping = null;
  return () => {
    stopping ??= end(child);
    return stopping;
  };
}

async function end(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}
