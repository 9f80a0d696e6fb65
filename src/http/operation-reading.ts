import type { FastifyRequest } from "fastify";
import { documentNameOf } from "./document-source.js";
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
  const fields: Record<string, unknown> = { ...query };
  for (const name of ["variables", "extensions"]) {
    try {
      fields[name] = typeof query[name] === "string" && query[name] !== "" ? JSON.parse(query[name]) : null;
    } catch {
      return { status: 400, message: `${name} is not valid JSON.` };
    }
  }
  return readFields(fields);
}

function readFields(fields: Readonly<Record<string, unknown>>): OperationRequest | UnreadableRequest {
  const { query = null, documentId = null, operationName = null, variables = null, extensions = null } = fields;
  const refuse = (message: string): UnreadableRequest => ({ status: 400, message });
  if (!isText(query)) return refuse("query must be a GraphQL document.");
  if (!isText(documentId)) return refuse("documentId must be a text.");
  if (!isText(operationName)) return refuse("operationName must be a text.");
  if (variables !== null && !asRecord(variables)) return refuse("variables must be an object.");
  if (extensions !== null && !asRecord(extensions)) return refuse("extensions must be an object.");
  const request = {
    ...{ query, documentId, operationName },
    ...{ variables: asRecord(variables), extensions: asRecord(extensions) },
  };
  return query || documentNameOf(request) !== null ? request : refuse("query must be a GraphQL document.");
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
