import { type StoreFailure, StoreUnavailable } from "../domain/store-unavailable.js";

/** What the operating system says of a server that is not there. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN", "ENOTFOUND", "EAI_AGAIN"],
]);
/** What it says of a connection that broke. */
const BROKEN: ReadonlySet<string> = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ENOTCONN"]);

/** What the database says, by its SQLSTATE: classes by their first two characters. */
const SQLSTATES: readonly (readonly [start: string, failure: StoreFailure])[] = [
  ["08", "connection_lost"],
  ["57P01", "starting_or_stopping"],
  ["57P02", "starting_or_stopping"],
  ["57P03", "starting_or_stopping"],
  ["53300", "no_connection_in_time"],
  ["57014", "no_answer_in_time"],
  ["25P03", "connection_lost"],
  // After a failover: the connection leads to a standby.
  ["25006", "read_only"],
  // Disk full, out of memory, a configured limit, and a disk that fails.
  ["53100", "out_of_resources"],
  ["53200", "out_of_resources"],
  ["53400", "out_of_resources"],
  ["58030", "out_of_resources"],
  // A lock that could not be had, a transaction that came across another's, and a deadlock.
  ["55P03", "contended"],
  ["40001", "contended"],
  ["40P01", "contended"],
];

/** The drivers' own errors, which have no code: only their texts tell them apart. */
const MESSAGES: readonly (readonly [text: RegExp, failure: StoreFailure])[] = [
  [/^Connection terminated due to connection timeout$/, "no_connection_in_time"],
  [/^timeout (?:exceeded when trying to connect|expired)$/, "no_connection_in_time"],
  [/^Connection terminated/, "connection_lost"],
  [/^Client .* is not queryable$/, "connection_lost"],
  [/^Query read timeout$/, "no_answer_in_time"],
  [/^PGlite is (?:closing|closed)$/, "unreachable"],
];

/** A driver's error as {@link StoreUnavailable} when that is what it means; null for every other error. */
export function asUnavailable(error: unknown): StoreUnavailable | null {
  if (error instanceof StoreUnavailable) return error;
  if (!(error instanceof Error)) return null;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code !== "string") return byMessage(error.message);
  // A PostgreSQL behind a socket in the file system is not there when its file is not.
  const reason = UNREACHABLE.has(code) || (code === "ENOENT" && syscall === "connect") ? "unreachable" : byCode(code);
  return reason && new StoreUnavailable(reason, code);
}

function byCode(code: string): StoreFailure | null {
  if (BROKEN.has(code)) return "connection_lost";
  return SQLSTATES.find(([start]) => code.length === 5 && code.startsWith(start))?.[1] ?? null;
}

function byMessage(message: string): StoreUnavailable | null {
  const failure = MESSAGES.find(([text]) => text.test(message))?.[1];
  return failure ? new StoreUnavailable(failure) : null;
}
