/** Why the database could not do a statement; none of it is the statement's own fault. */
export const STORE_FAILURES = [
  "unreachable",
  "starting_or_stopping",
  "no_connection_in_time",
  "connection_lost",
  "no_answer_in_time",
  "read_only",
  "out_of_resources",
  "contended",
] as const;
/** One of {@link STORE_FAILURES}. */
export type StoreFailure = (typeof STORE_FAILURES)[number];

/**
 * The database cannot be reached, cannot work now, or went away in the middle of a statement or a commit. What had been
 * committed before stands; whether the statement took effect is not known, so only what is safe to repeat may be
 * repeated. Holds no text of a driver: that may name addresses and values.
 */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
  readonly reason: StoreFailure;
  /** The operating system's or the database's own short code, such as `ECONNREFUSED` or `57P03`. */
  readonly code: string | null;

  constructor(reason: StoreFailure, code: string | null = null) {
    super("the database is not available");
    this.reason = reason;
    this.code = code;
  }
}
