import { type DestinationStream, type Logger, pino } from "pino";
import { scrub } from "../domain/scrub.js";

/** The strings and the numbers of a line of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

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
    hooks: { streamWrite: (line: string) => line.replace(TOKEN, cleaned) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A string or number of a line as it may be written; still JSON, whatever was taken out of it. */
function cleaned(token: string): string {
  const text = token.startsWith('"') ? (JSON.parse(token) as string) : token;
  const clean = scrub(text);
  return clean === text ? token : JSON.stringify(clean);
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
