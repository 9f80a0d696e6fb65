import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { Forbidden } from "../domain/identity.js";
import { scrub } from "../domain/scrub.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";

/** The code of an answer that could not be given for want of the database; its HTTP status is 503. */
export const SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE";

/** Codes that a caller may see; an error with any other is masked. */
const SHOWN_CODES: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "BAD_REQUEST",
  "OPERATION_RESOLUTION_FAILURE",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "TRUSTED_DOCUMENT_REQUIRED",
  "TRUSTED_DOCUMENT_UNKNOWN",
  "CAPABILITY_NOT_SUPPORTED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_MISCONFIGURED",
  SERVICE_UNAVAILABLE,
  "TOO_MANY_REQUESTS",
  "NOT_FOUND",
]);

/** A masked error says only this; the log has the rest under the same request id. */
const MASKED = "Something went wrong on this server. Quote the requestId when you ask about it.";

/** What a caller is told while the database is away. Without a key of the caller's a repeat is not safe. */
const AWAY =
  "The service cannot reach its database just now. Nothing that had been committed is lost. Send the same request " +
  "again; with the same orderNo or idempotencyKey that is safe.";

/** Whether an error says that the database is away, whatever it was wrapped in on its way. */
export function isStoreUnavailable(thrown: unknown): boolean {
  return unwrapResolverError(thrown) instanceof StoreUnavailable;
}

/** The error as the caller sees it, without values, internals or stack traces. */
export function presentError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const code = uncodedFault(thrown) ?? formatted.extensions?.code;
  const { locations, path } = formatted;
  if (isStoreUnavailable(thrown)) return { message: AWAY, locations, path, extensions: { code: SERVICE_UNAVAILABLE } };
  const refused = unwrapResolverError(thrown);
  if (refused instanceof Forbidden) {
    const message = `This needs the scope ${refused.scope}, which the caller does not have.`;
    return { message, locations, path, extensions: { code: "FORBIDDEN" } };
  }
  if (!SHOWN_CODES.has(code) || isInternal(thrown, code)) {
    return { message: MASKED, locations, path, extensions: { code: "INTERNAL_SERVER_ERROR" } };
  }
  return { message: withoutValues(formatted.message), locations, path, extensions: { code } };
}

/** Whether an error is one that this server did not plan; those are logged. */
export function isUnplanned(error: unknown): boolean {
  if (uncodedFault(error) !== null || isStoreUnavailable(error)) return false;
  if (unwrapResolverError(error) instanceof Forbidden) return false;
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  return !SHOWN_CODES.has(code) || isInternal(error, code);
}

/** An error of our own that was wrapped on its way: its text is not for the caller, whatever code it wears. */
function isInternal(thrown: unknown, code: unknown): boolean {
  const original = unwrapResolverError(thrown);
  return original !== thrown && !(original instanceof GraphQLError) && code !== "BAD_USER_INPUT";
}

/**
 * A variable that fits its type may still not fit the argument it is put into. GraphQL finds out only while it
 * executes, gives that error no code, and prints the whole argument.
 */
const BAD_ARGUMENT = /^Argument "(\w+)" (?:has invalid value|of (?:required|non-null) type) /;

/** What GraphQL says, without a code, when more is wrong with the variables than it cares to tell. */
const TOO_MANY_FAULTS = "Too many errors processing variables, error limit reached. Execution aborted.";

/** What Apollo Server says, without a code, of a persisted query with another one's hash or of another version. */
const BAD_PERSISTED_QUERY: ReadonlySet<string> = new Set([
  "provided sha does not match query",
  "Unsupported persisted query version",
]);

/** The code of a fault of the request that the libraries give none; null when an error is not such a fault. */
function uncodedFault(error: unknown): "BAD_USER_INPUT" | "BAD_REQUEST" | null {
  if (!(error instanceof GraphQLError)) return null;
  if (error.originalError && !(error.originalError instanceof GraphQLError)) return null;
  if (error.extensions.code === undefined && BAD_PERSISTED_QUERY.has(error.message)) return "BAD_REQUEST";
  return error.message === TOO_MANY_FAULTS || BAD_ARGUMENT.test(error.message) ? "BAD_USER_INPUT" : null;
}

/** What GraphQL's own messages say when they repeat a value of the request. */
const REPEATS_A_VALUE = /got invalid value|has invalid value|cannot represent|, found |does not exist in|^Value /;
const SYNTAX_ERROR = /^Syntax Error: /;
/** A token as a syntax error quotes it. */
const QUOTED_TOKEN = /\b(String|BlockString|Int|Float|Name) ".*"/s;
const VARIABLE = /^Variable "(\$[_A-Za-z]\w*)"/;
/** The path into a variable; the last one, since the value before it may hold anything. */
const VARIABLE_PATH = / at "([_A-Za-z]\w*(?:[.[]\w+\]?)*)"; /g;
const MISSING_FIELD = /Field "(\w+)" of required type "([\w!\][]+)" was not provided\.$/;
const NAMED_TYPES = [
  /is not defined by type "(\w+)"/g,
  /Expected (?:non-nullable type|type|value of type) "([\w!\][]+)"/g,
  /(?:^|; )(\w+) cannot represent/g,
  /Enum "(\w+)" cannot represent/g,
  /does not exist in "(\w+)" enum/g,
];

/**
 * A message of GraphQL itself with every value of the request taken out: a value may be somebody's e-mail address.
 * What is kept are names that the schema has: the variable, the path into it, the type that was expected.
 */
export function withoutValues(message: string): string {
  if (SYNTAX_ERROR.test(message)) return scrub(message.replace(QUOTED_TOKEN, "$1"));
  if (!REPEATS_A_VALUE.test(message)) return scrub(message);
  const variable = VARIABLE.exec(message)?.[1];
  const argument = BAD_ARGUMENT.exec(message)?.[1];
  const path = lastOf(message, VARIABLE_PATH);
  const subject = variable ? `Variable "${variable}"` : argument ? `Argument "${argument}"` : "A value";
  const start = `${subject} is not valid${path ? ` at "${path}"` : ""}`;
  const missing = MISSING_FIELD.exec(message);
  if (missing) return `${start}: field "${missing[1]}" of type "${missing[2]}" is missing.`;
  const expected = NAMED_TYPES.map((pattern) => lastOf(message, pattern)).find((name) => name !== undefined);
  return `${start}${expected ? `: it does not fit type "${expected}"` : ""}.`;
}

function lastOf(message: string, pattern: RegExp): string | undefined {
  return [...message.matchAll(pattern)].at(-1)?.[1];
}
