import { resolve } from "node:path";
import { shiftClock } from "./shifted-clock.mjs";

// Before anything is imported that could keep the true one.
shiftClock(Number(process.env.CHAOS_CLOCK_SHIFT_MS ?? 0));

const { announce, answerParent } = await import("./channel.mjs");
const { Breakpoints } = await import("./breakpoints.mjs");
const { buildApp } = await import("../../../dist/app.js");
const { readConfig } = await import("../../../dist/config.js");
const { REGISTRY } = await import("../../../dist/datasources/registry.js");
const { createLogger, describeError } = await import("../../../dist/telemetry/logger.js");

/** The server under test: the product as it is built, with a probe that can make it stand still at a named step. */
const breakpoints = new Breakpoints((name) => announce("paused", name));
const config = readConfig(process.env, REGISTRY);
const logger = createLogger(config.logLevel);
process.on("unhandledRejection", (error) => announce("unhandled", JSON.stringify(describeError(error))));

const app = await buildApp(config, {
  logger,
  playgroundDir: resolve("dist/playground"),
  databaseProbe: (phase, step) => breakpoints.pass(phase, step),
});
answerParent({ pauseAt: (point) => breakpoints.set(point), memory: () => memoryInUse() }, () => app.close());
announce("listening", await app.listen());

/** What is in use once what nobody needs has been given back, and what the process holds of the machine's memory. */
function memoryInUse() {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { usedBytes: heapUsed + external, residentBytes: rss };
}
