import { join } from "node:path";
import { type App, buildApp, playgroundOff } from "./app.js";
import { type Config, readConfig } from "./config.js";
import { REGISTRY } from "./datasources/registry.js";
import { DataKeysError } from "./domain/data-keys.js";
import { ConfigError } from "./environment.js";
import { TrustedListError } from "./http/trusted-list.js";
import { DatabaseUnavailable } from "./store/database.js";
import { createLogger, describeError } from "./telemetry/logger.js";

/** The Node.js that this server is built and tested on; npm scripts run on it because it is a dependency. */
const LEAST_NODE_MAJOR = 24;
/** How much longer than a provider call requests in flight may take to finish once the process is told to stop. */
const SHUTDOWN_MARGIN_MS = 10_000;

/** A reason not to start, in words for the operator. */
class StartupError extends Error {}

/** Errors whose message is all that the operator needs. */
const FOR_THE_OPERATOR = [ConfigError, DatabaseUnavailable, DataKeysError, StartupError, TrustedListError];

await main().catch((error: unknown) => {
  process.stderr.write(`${startupMessage(error)}\n`);
  process.exit(1);
});

/** Starts the server and runs until a signal stops it. */
async function main(): Promise<void> {
  checkNode();
  const config = readConfig(process.env, REGISTRY);
  const logger = createLogger(config.logLevel);
  const app = await buildApp(config, { logger, playgroundDir: join(import.meta.dirname, "playground") });
  const stop = stopOnce(app, logger, config.providerTimeoutMs + SHUTDOWN_MARGIN_MS);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.on("unhandledRejection", (error) => logger.error(describeError(error), "unhandled rejection"));
  const address = await listen(app);
  process.stdout.write(banner(app, address, config));
}

function checkNode(): void {
  if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE_MAJOR) return;
  throw new StartupError(
    `Cardgraph runs on Node.js ${LEAST_NODE_MAJOR}; this is ${process.versions.node}. ` +
      "Start it with npm, after `npm ci` without --ignore-scripts: Node.js comes with the dependencies.",
  );
}

async function listen(app: App): Promise<string> {
  try {
    return await app.listen();
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Finishes what is under way, then ends; a second signal, or too long a wait, ends at once. */
function stopOnce(app: App, logger: ReturnType<typeof createLogger>, patienceMs: number): () => void {
  return () => {
    const giveUp = (): never => process.exit(1);
    setTimeout(giveUp, patienceMs).unref();
    process.once("SIGTERM", giveUp);
    process.once("SIGINT", giveUp);
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(describeError(error), "shutdown");
        process.exit(1);
      },
    );
  };
}

/** One clear message for what keeps the server from starting; a stack trace helps nobody here. */
function startupMessage(error: unknown): string {
  if (FOR_THE_OPERATOR.some((known) => error instanceof known)) return (error as Error).message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return "The address is taken: another process listens on HOST and PORT. Set PORT to another one.";
  if (code === "EACCES") return "HOST and PORT may not be used by this user. Set PORT to 1024 or more.";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "HOST is not an address of this machine.";
  return `Cardgraph could not start: ${message}`;
}

function banner(app: App, address: string, config: Config): string {
  const spending = config.spendLimitMinorPerDay === null ? "real and without a daily limit" : "real";
  const providers = app.providers.map(({ name, mode, sandboxUrl }) =>
    mode === "LIVE"
      ? `  ${name}: LIVE account, deposits are ${spending}`
      : `  ${name}: SANDBOX at ${sandboxUrl}, no money moves`,
  );
  const playground = {
    trusted_documents: "Trusted documents only, so there is no playground",
    not_asked_for: "No playground in production (PLAYGROUND=true)",
  };
  const off = playgroundOff(config);
  const page = off ? `  ${playground[off]}` : `  Playground: ${address}/graphiql`;
  return ["", `Cardgraph is ready: ${address}/graphql`, page, ...providers, "", ""].join("\n");
}
