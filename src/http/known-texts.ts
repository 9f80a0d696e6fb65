import { createHash } from "node:crypto";
import type { ApolloServerPlugin, GraphQLRequest } from "@apollo/server";
import { LRUCache } from "lru-cache";
import type { GraphqlContext } from "./executor.js";

/** How many texts are remembered; a client has a few dozen. */
const MAX_TEXTS = 500;
/** Longer ones are named anew each time, in characters: nobody may fill the memory with them. */
const MAX_LENGTH = 20_000;

/**
 * The texts that Apollo Server has found valid, by the names of automatic persisted queries: what it keeps for clients
 * that use those. A client that sends a text is taken as if it had used them too, since the name of every text that is
 * sent would be computed anew: a fifth of what a request without data costs.
 */
export class KnownTexts {
  /** By their names. */
  readonly #texts = new LRUCache<string, string>({ max: MAX_TEXTS, dispose: (text) => this.#hashes.delete(text) });
  /** The SHA-256 of the same texts. */
  readonly #hashes = new Map<string, string>();

  async get(name: string): Promise<string | undefined> {
    return this.#texts.get(name);
  }

  /** Told of a text with its name, which ends with its SHA-256, once it is known to be right and valid. */
  async set(name: string, text: string): Promise<void> {
    if (text.length > MAX_LENGTH) return;
    this.#texts.set(name, text);
    this.#hashes.set(text, name.slice(-64));
  }

  async delete(name: string): Promise<void> {
    this.#texts.delete(name);
  }

  /** Puts the name of its text into a request that has none, and no text into one whose text is known. */
  nameIn(request: GraphQLRequest): void {
    const { query, extensions } = request;
    if (!query || query.length > MAX_LENGTH || extensions?.persistedQuery) return;
    const known = this.#hashes.get(query);
    const sha256Hash = known ?? createHash("sha256").update(query).digest("hex");
    request.extensions = { ...extensions, persistedQuery: { version: 1, sha256Hash } };
    if (known !== undefined) Object.assign(request, { query: undefined });
  }
}

/** Names the documents of requests before anything is done with them. */
export function nameDocuments<Context extends GraphqlContext>(texts: KnownTexts): ApolloServerPlugin<Context> {
  return { requestDidStart: async ({ request }) => texts.nameIn(request) };
}
