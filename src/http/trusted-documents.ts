import { createHash } from "node:crypto";
import { type DocumentNode, GraphQLError, type GraphQLSchema } from "graphql";
import { validDocument } from "./document-cache.js";
import { type DocumentRequest, type DocumentSource, documentNameOf } from "./document-source.js";
import { entryName, type ListedDocument, TrustedListError } from "./trusted-list.js";

/** A document that may be run. */
export interface TrustedDocument {
  readonly text: string;
  readonly document: DocumentNode;
}

const REQUIRED =
  "This server runs only the documents of its list: name one in documentId, and send no text of your own as query.";
const UNKNOWN = "This server's list has no document of this name. The list and the client may be of different builds.";

/** The documents that a server runs when it runs no others, parsed and validated once. */
export class TrustedDocuments implements DocumentSource {
  readonly #byName = new Map<string, TrustedDocument>();

  /** Throws {@link TrustedListError} when a document is not one that the schema can answer. */
  constructor(listed: readonly ListedDocument[], schema: GraphQLSchema) {
    const faults: string[] = [];
    for (const [index, entry] of listed.entries()) {
      // Who has put a document into the list wants it to be answered, whatever it asks for.
      const document = validDocument(schema, entry.text, true);
      if ("kind" in document) this.#add(entry, document);
      else faults.push(`${entryName(entry, index)}: ${document[0]?.message}`);
    }
    if (faults.length > 0) throw new TrustedListError(faults);
  }

  /**
   * The document that a request means, or why it is refused. A text is refused even if the list has it: accepting it
   * would hide that a client does not name its documents until the day its text differs from the list by a blank.
   */
  find(request: DocumentRequest): TrustedDocument | GraphQLError {
    const name = documentNameOf(request);
    if (request.query || name === null) return refusal(REQUIRED, "TRUSTED_DOCUMENT_REQUIRED");
    // Not the code of automatic persisted queries: their clients would answer it by sending the text.
    return this.#byName.get(name) ?? refusal(UNKNOWN, "TRUSTED_DOCUMENT_UNKNOWN");
  }

  read(request: DocumentRequest): DocumentNode | readonly GraphQLError[] {
    const found = this.find(request);
    return found instanceof GraphQLError ? [found] : found.document;
  }

  /** The parsed document of a text's SHA-256 in hexadecimal. */
  bySha256(hash: string): DocumentNode | undefined {
    return this.#byName.get(`sha256:${hash}`)?.document;
  }

  /** Whatever hash the list uses, a document also goes by its SHA-256, which is what the specification asks for. */
  #add({ name, text }: ListedDocument, document: DocumentNode): void {
    const sha256 = createHash("sha256").update(text).digest("hex");
    for (const known of [name, sha256, `sha256:${sha256}`]) this.#byName.set(known, { text, document });
  }
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
