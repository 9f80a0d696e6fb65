import { PRIVATE_VALUES } from "./hostile-values.js";

/** An answer as it came off the wire. */
export interface FuzzAnswer {
  readonly status: number;
  readonly requestId: string | null;
  readonly contentType: string | null;
  readonly text: string;
}

/** What an answer may be, whatever was asked: a fault of the request, never one of the server. */
const STATUSES: ReadonlySet<number> = new Set([200, 400, 403, 404, 405, 413, 415]);
/** The codes that there are; what this server did not plan has another one. */
const CODES: ReadonlySet<unknown> = new Set([
  ...["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "BAD_REQUEST", "NOT_FOUND"],
  ...["OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED", "FORBIDDEN"],
  ...["CAPABILITY_NOT_SUPPORTED", "PROVIDER_UNAVAILABLE", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"],
]);
/** What only somebody who looks at this server from inside should see. */
const INSIDE: readonly RegExp[] = [
  /\bat \S+ \(|\.[jt]s:\d+:\d+|file:\/\/\/\w+\/\w+\/(?!passwd)/,
  /node_modules|node:internal|\bdist\/|\bsrc\//,
  /\b(?:select .{1,200} from|insert into|update \S+ set|delete from|violates|constraint|relation ")\b/i,
  /\b(?:kysely|pglite|postgres|fastify|apollo-server|type-graphql|class-validator|TypeError|ReferenceError)\b/i,
  /ECONNREFUSED|ENOENT|Cannot read propert|is not a function|Maximum call stack/,
];
const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface ErrorShape {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown; readonly requestId?: unknown };
}

/** What is wrong with an answer, in a phrase; null when nothing is. `secrets` may be in no answer at all. */
export function faultOf(answer: FuzzAnswer, secrets: readonly string[]): string | null {
  if (!STATUSES.has(answer.status)) return `status ${answer.status}`;
  if (!REQUEST_ID.test(answer.requestId ?? "")) return "no request id";
  if (secrets.some((secret) => answer.text.includes(secret))) return "a secret of the server's";
  const results = resultsOf(answer);
  if (results === null) return "not well-formed";
  for (const result of results) {
    const fault = faultOfResult(result, answer.requestId ?? "");
    if (fault !== null) return fault;
  }
  return null;
}

/** The results in an answer: one, or one for each event; null when it is none. */
function resultsOf({ contentType, text }: FuzzAnswer): readonly object[] | null {
  try {
    if (!contentType?.startsWith("text/event-stream")) return [JSON.parse(text)];
    return [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
  } catch {
    return null;
  }
}

function faultOfResult(result: object, requestId: string): string | null {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return "not a result";
  if (Object.keys(result).some((key) => key !== "data" && key !== "errors")) return "an odd member";
  const { errors } = result as { errors?: unknown };
  if (errors === undefined) return "data" in result ? faultOfUserErrors(result) : "neither data nor errors";
  if (!Array.isArray(errors) || errors.length === 0) return "an empty list of errors";
  const fault = (errors as ErrorShape[]).map((error) => faultOfError(error, requestId)).find((one) => one !== null);
  return fault ?? faultOfUserErrors(result);
}

function faultOfError({ message, extensions }: ErrorShape, requestId: string): string | null {
  if (typeof message !== "string" || message === "") return "an error without a message";
  if (!CODES.has(extensions?.code)) return `the code ${String(extensions?.code)}: ${message}`;
  if (extensions?.requestId !== requestId) return "an error without the request's id";
  return faultOfText(message);
}

/** Errors that are part of the schema stand anywhere in the data, under their own name. */
function faultOfUserErrors(result: object): string | null {
  let fault: string | null = null;
  JSON.stringify(result, (key, value) => {
    if (key === "message" && typeof value === "string") fault ??= faultOfText(value);
    return value;
  });
  return fault;
}

function faultOfText(message: string): string | null {
  if (PRIVATE_VALUES.some((value) => message.includes(value))) return `a private value repeated: ${message}`;
  return INSIDE.some((pattern) => pattern.test(message)) ? `something from inside: ${message}` : null;
}
