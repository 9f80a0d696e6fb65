import { Readable } from "node:stream";
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isJson } from "./media-types.js";

/**
 * Says to Apollo Server that a request cannot come from a page of another site unknown to it: the browser has asked
 * first. It is so with JSON, which no form can send.
 */
const ASKED_FIRST = "apollo-require-preflight";

/**
 * Hands a request to Apollo Server and gives its answer's body, whose status and headers are then on the reply. It does
 * what the published integration does, but takes the address apart only where a query may stand in it.
 */
export function apolloHandler<Context extends object>(
  apollo: ApolloServer<Context>,
  contextOf: (request: FastifyRequest) => Context | Promise<Context>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<string | Readable> {
  return async (request, reply) => {
    const { headers, body, status } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: asApollo(request),
      context: async () => contextOf(request),
    });
    for (const [name, value] of headers) reply.header(name, value);
    reply.code(status ?? 200);
    return body.kind === "complete" ? body.string : Readable.from(body.asyncIterator);
  };
}

function asApollo({ method, headers, body, url }: FastifyRequest): HTTPGraphQLRequest {
  // Apollo Server would take the type of the body apart once more; of the other headers one alone plays a part then.
  if (method === "POST" && isJson(headers["content-type"])) {
    const given = new HeaderMap().set(ASKED_FIRST, "true");
    if (headers.accept) given.set("accept", headers.accept);
    return { method, headers: given, body, search: "" };
  }
  const given = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value) given.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  // Whatever the host is: only what follows the path is taken.
  const search = method === "POST" ? "" : new URL(url, "http://localhost/").search;
  return { method, headers: given, body, search };
}
