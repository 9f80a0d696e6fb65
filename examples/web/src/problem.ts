import type { CombinedError } from "urql";

/** A top-level error, or none at all because the server was not reached: what a person is told of it. */
export interface Problem {
  readonly message: string;
  /** The error's stable code; null when no answer of the server's came. */
  readonly code: string | null;
  /** What to quote when asking the people who run the server; null when no answer came. */
  readonly requestId: string | null;
}

const UNREACHED = "The server could not be reached, or its answer did not come back.";

/** The problem that a failed request stands for. Of several errors the first: each of them would do. */
export function problemOf(error: CombinedError): Problem {
  const [first] = error.graphQLErrors;
  if (first === undefined) return { message: UNREACHED, code: null, requestId: null };
  const { code, requestId } = first.extensions;
  return { message: first.message, code: textOrNull(code), requestId: textOrNull(requestId) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
