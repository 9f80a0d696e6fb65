import type { ApolloServerOptions, ApolloServerPlugin, HTTPGraphQLRequest } from "@apollo/server";
import { GraphQLError } from "graphql";
import { REVALIDATED } from "./answer-caching.js";
import type { GraphqlContext } from "./executor.js";
import type { TrustedDocuments } from "./trusted-documents.js";

/** Stands in for the document of a request that is refused before anything of it would be run. */
const NOTHING = "{ __typename }";

/**
 * What makes Apollo Server run trusted documents and no others: its own persisted queries are off, since clients would
 * add documents with them, and what it would parse is taken from the list.
 */
export function trustedOptions(
  documents: TrustedDocuments,
): Pick<ApolloServerOptions<GraphqlContext>, "persistedQueries" | "documentStore"> {
  return {
    persistedQueries: false,
    documentStore: {
      // The key ends with the SHA-256 of the text, which Apollo Server has just computed.
      get: async (key) => documents.bySha256(key.slice(-64)),
      set: async () => undefined,
      delete: async () => undefined,
    },
  };
}

/** Puts the document that a request names into it, or refuses the request in Apollo Server's own course. */
export function runTrustedOnly<Context extends GraphqlContext>(
  documents: TrustedDocuments,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async ({ request }) => {
      const { persistedQuery, ...extensions } = request.extensions ?? {};
      const documentId = documentIdOf(request.http);
      const found = documents.find({ query: request.query, documentId, extensions: { persistedQuery } });
      request.query = found instanceof GraphQLError ? NOTHING : found.text;
      request.extensions = extensions;
      return {
        didResolveOperation: async () => {
          if (found instanceof GraphQLError) throw found;
        },
        willSendResponse: async ({ response: { body, http } }) => {
          const whole = body.kind === "single" && !body.singleResult.errors && (http.status ?? 200) === 200;
          if (whole && request.http?.method === "GET") http.headers.set("cache-control", REVALIDATED);
        },
      };
    },
  };
}

function documentIdOf(http: HTTPGraphQLRequest | undefined): string | null {
  if (http?.method === "GET") {
    const [name = null, ...more] = new URLSearchParams(http.search).getAll("documentId");
    return more.length > 0 ? null : name;
  }
  const { documentId } = (http?.body ?? {}) as { readonly documentId?: unknown };
  return typeof documentId === "string" ? documentId : null;
}
