import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from "graphql";
import { LRUCache } from "lru-cache";
import { documentRules } from "./document-rules.js";
import { type DocumentRequest, type DocumentSource, documentNameOf } from "./document-source.js";

/** Upper bound on the tokens of a document. The largest that a tool sends, introspection, has some 200. */
export const MAX_TOKENS = 2_000;
/** How many documents are remembered; a client has a few dozen. */
const MAX_DOCUMENTS = 500;
/** Longer ones are read anew each time, in characters: nobody may fill the memory with them. */
const MAX_REMEMBERED_LENGTH = 10_000;

const NO_LIST = "This server has no list of documents to name one of: send the text of the document as query.";

/** Parses and validates documents by the server's rules, and remembers those that it lately found valid. */
export class DocumentCache implements DocumentSource {
  readonly #schema: GraphQLSchema;
  readonly #introspection: boolean;
  readonly #valid = new LRUCache<string, DocumentNode>({ max: MAX_DOCUMENTS });

  /** Without `introspection` no document that asks for the schema is valid, and no error hints at it. */
  constructor(schema: GraphQLSchema, introspection: boolean) {
    this.#schema = schema;
    this.#introspection = introspection;
  }

  read(request: DocumentRequest): DocumentNode | readonly GraphQLError[] {
    const source = request.query ?? "";
    if (source === "" && documentNameOf(request) !== null) {
      return [new GraphQLError(NO_LIST, { extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } })];
    }
    const known = this.#valid.get(source);
    if (known) return known;
    const document = validDocument(this.#schema, source, this.#introspection);
    if ("kind" in document && source.length <= MAX_REMEMBERED_LENGTH) this.#valid.set(source, document);
    return document;
  }
}

/** Reads a text by the server's rules: the document, or what is wrong with it, each error with its code. */
export function validDocument(
  schema: GraphQLSchema,
  source: string,
  introspection: boolean,
): DocumentNode | readonly GraphQLError[] {
  const document = parsed(source);
  if (document instanceof GraphQLError) return [document];
  const faults = validate(schema, document, [...specifiedRules, ...documentRules(introspection)], {
    hideSuggestions: !introspection,
  });
  return faults.length > 0 ? faults.map((fault) => withCode(fault, "GRAPHQL_VALIDATION_FAILED")) : document;
}

function parsed(source: string): DocumentNode | GraphQLError {
  try {
    return parse(source, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, "GRAPHQL_PARSE_FAILED");
    throw error;
  }
}

/** The same error under a code, which GraphQL itself does not give. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  const { nodes, source, positions, path } = error;
  return new GraphQLError(error.message, { nodes, source, positions, path, extensions: { ...error.extensions, code } });
}
