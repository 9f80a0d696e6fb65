import type { DocumentNode, GraphQLError } from "graphql";

/** The part of a request that says which document it means. */
export interface DocumentRequest {
  /** The text of the document; an empty one is none. */
  readonly query?: string | null;
  /** The name of a document that the server knows. */
  readonly documentId?: string | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** Where the documents of operations come from. */
export interface DocumentSource {
  /** The valid document that a request means, or what is wrong with it, each error with its code. */
  read(request: DocumentRequest): DocumentNode | readonly GraphQLError[];
}

/**
 * The name by which a request asks for a document; null when it gives none. Sources: GraphQL over HTTP, appendix
 * Persisted Documents, for `documentId`; Apollo's persisted queries for `extensions.persistedQuery.sha256Hash`, in
 * which clients put the hash that their build step made, whatever it is.
 */
export function documentNameOf({ documentId, extensions }: DocumentRequest): string | null {
  if (documentId) return documentId;
  const { persistedQuery } = extensions ?? {};
  if (typeof persistedQuery !== "object" || persistedQuery === null || !("sha256Hash" in persistedQuery)) return null;
  return typeof persistedQuery.sha256Hash === "string" ? persistedQuery.sha256Hash : null;
}
