import { Readable } from "node:stream";
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import type { FastifyReply, FastifyRequest } from "fastify";

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
  const given = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value) given.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  // Whatever the host is: only what follows the path is taken.
  const search = method === "POST" ? "" : new URL(url, "http://localhost/").search;
  return { method, headers: given, body, search };
}
