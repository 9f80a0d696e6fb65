import type { FastifyRequest } from "fastify";
import type { OperationRequest } from "./executor.js";
import { isJson } from "./media-types.js";

/** A request that holds no operation, with the HTTP status that says so. */
export interface UnreadableRequest {
  readonly status: 400 | 415;
  readonly message: string;
}

/** Reads the operation out of a GET's query or a POST's body, by the GraphQL over HTTP specification. */
export function readOperation(request: FastifyRequest): OperationRequest | UnreadableRequest {
  if (request.method === "GET") return readParameters(asRecord(request.query) ?? {});
  if (!isJson(request.headers["content-type"])) return { status: 415, message: "The body must be application/json." };
  const body = asRecord(request.body);
  return body
    ? readFields(body)
    : { status: 400, message: "The body must be one JSON object; batches are not served." };
}

function readParameters(query: Readonly<Record<string, unknown>>): OperationRequest | UnreadableRequest {
  const { variables } = query;
  if (typeof variables !== "string" || variables === "") return readFields({ ...query, variables: null });
  try {
    return readFields({ ...query, variables: JSON.parse(variables) });
  } catch {
    return { status: 400, message: "variables is not valid JSON." };
  }
}

function readFields(fields: Readonly<Record<string, unknown>>): OperationRequest | UnreadableRequest {
  const { query, operationName = null, variables = null } = fields;
  if (typeof query !== "string" || query === "") return { status: 400, message: "query must be a GraphQL document." };
  if (operationName !== null && typeof operationName !== "string") {
    return { status: 400, message: "operationName must be a text." };
  }
  if (variables !== null && !asRecord(variables)) return { status: 400, message: "variables must be an object." };
  return { query, operationName, variables: asRecord(variables) };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
