import fastifyCors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** Stands for every origin. */
const ANY = "*";
/** How long a browser may remember what it was told, in seconds; none remembers it for longer. */
const REMEMBERED_SECONDS = 7_200;
/** What pages may send besides what every page may. The last two are what Apollo's clients say of themselves. */
const REQUEST_HEADERS = [
  ...["accept", "authorization", "content-type", "if-none-match", "traceparent"],
  ...[
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "apollographql-client-name",
    "apollographql-client-version",
  ],
];
/** What pages may read besides what every page may. */
const ANSWER_HEADERS = ["etag", "retry-after", "x-request-id"];

/** Whether a text is an origin as browsers write it, such as `https://app.example`, or `*`. */
export function isOrigin(text: string): boolean {
  return text === ANY || (/^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text);
}

/** The pages of other sites that may use this server from a browser. */
export class AllowedOrigins {
  readonly #listed: ReadonlySet<string>;

  /** Each has to be one of {@link isOrigin}. */
  constructor(listed: readonly string[] = []) {
    this.#listed = new Set(listed);
  }

  has(origin: string): boolean {
    return this.#listed.has(ANY) || this.#listed.has(origin);
  }

  /**
   * Tells browsers so for every route of a scope, and answers what they ask first. Credentials that browsers send by
   * themselves are never asked for: who may do something says so in `Authorization`. Where no origin is listed nothing
   * is told, and browsers keep pages of other sites out.
   */
  async tell(scope: FastifyInstance): Promise<void> {
    if (this.#listed.size === 0) return;
    await scope.register(fastifyCors, {
      origin: this.#listed.has(ANY) ? ANY : [...this.#listed],
      methods: ["GET", "POST"],
      allowedHeaders: REQUEST_HEADERS,
      exposedHeaders: ANSWER_HEADERS,
      maxAge: REMEMBERED_SECONDS,
    });
  }
}
