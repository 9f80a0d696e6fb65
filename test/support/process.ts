import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { watchLog } from "./watched-run.js";

/** The built server as a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** Everything it has written so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Runs `dist/main.js` with exactly this environment. Whoever starts it sees to it that it ends. */
export function runServer(env: Readonly<Record<string, string>>): ServerProcess {
  return run(process.execPath, ["dist/main.js"], env);
}

/** Runs `npm start` with this environment. Whoever starts it sees to it that it ends. */
export function runNpmStart(env: Readonly<Record<string, string>>): ServerProcess {
  return run("npm", ["start"], env);
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(command, args, { env: { PATH: process.env.PATH ?? "", ...env } });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    watchLog(String(chunk));
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
    watchLog(String(chunk));
  });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, output: () => output, errors: () => errors, ended };
}

/** Resolves with the server's address once it says that it is ready; fails when it ends before. */
export async function addressOf(server: ServerProcess): Promise<string> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    const address = /ready: (http:\/\/\S+)\/graphql/.exec(server.output())?.[1];
    if (address) return address;
    if (server.child.exitCode !== null) break;
    await pause(20);
  }
  throw new Error(`the server did not become ready: ${server.errors()}`);
}
