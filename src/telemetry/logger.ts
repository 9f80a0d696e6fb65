import { type DestinationStream, type Logger, pino } from "pino";
import { scrub } from "../domain/scrub.js";

/** A run of digits outside quotes would leave broken JSON behind when it is replaced by text. */
const BARE_NUMBER = /(?<=[:,[])\d{13,19}(?=[,}\]])/g;

/**
 * The logger: one JSON object a line, with everything that looks like a card number, an e-mail address or a mobile
 * number taken out of the finished line, whoever put it there.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ["req.headers", "headers", "variables", "body", "*.authorization"], censor: "[redacted]" },
    hooks: { streamWrite: (line: string) => scrub(line.replace(BARE_NUMBER, '"$&"')) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** An error as it may be logged: its own words and place, and nothing that a library hung onto it. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === "string" ? { code } : {}),
    stack: error.stack,
  };
}
