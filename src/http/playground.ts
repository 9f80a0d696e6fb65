import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/**
 * Why a server has no playground: it runs trusted documents only, so nothing that is written in the page would be run;
 * or it was not asked for.
 */
export type PlaygroundOff = "trusted_documents" | "not_asked_for";

/** Where {@link registerPlayground} finds what it serves. */
export interface PlaygroundOptions {
  /** The folder that the playground is built into: `index.html` and `assets/`. An absolute path. */
  readonly assetsDir: string;
  /** Why there is none; null, unless given: there is one. */
  readonly off?: PlaygroundOff | null;
}

/**
 * What the page may load and do: nothing from outside this server, no inline script, no frame around it.
 * The editor writes its own style elements, hence `unsafe-inline` for styles, and has its icons as `data:` images.
 */
export const PLAYGROUND_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY_HEADERS = {
  "content-security-policy": PLAYGROUND_CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const NOT_BUILT = "The playground has not been built. Run `npm run build`, then start the server again.\n";
const OFF: Readonly<Record<PlaygroundOff, string>> = {
  trusted_documents:
    "There is no playground here: this server runs only the documents of its list (TRUSTED_DOCUMENTS), and the schema cannot be asked for.\n",
  not_asked_for: "There is no playground here: in production this server has one only with PLAYGROUND=true.\n",
};

/**
 * Serves the GraphiQL page at `/graphiql` and its files under `/graphiql/assets/`. Where the page has not been built,
 * both addresses answer 503 with a text that says how to build it: the API itself does not need it. Where it is off,
 * they answer 404 and say why.
 */
export function registerPlayground(server: FastifyInstance, options: PlaygroundOptions): void {
  server.register(async (scope) => {
    scope.addHook("onRequest", async (_request, reply) => {
      reply.headers(SECURITY_HEADERS);
    });
    if (options.off) refuse(scope, 404, OFF[options.off]);
    else if (existsSync(join(options.assetsDir, "index.html"))) servePage(scope, options.assetsDir);
    else refuse(scope, 503, NOT_BUILT);
  });
}

function servePage(scope: FastifyInstance, assetsDir: string): void {
  scope.register(fastifyStatic, {
    root: join(assetsDir, "assets"),
    prefix: "/graphiql/assets/",
    index: false,
    dotfiles: "ignore",
    preCompressed: true,
    // Every asset has a hash of its content in its name, so a name never stands for anything else.
    maxAge: "365d",
    immutable: true,
  });
  for (const path of ["/graphiql", "/graphiql/"]) {
    scope.get(path, (_request, reply) =>
      reply.header("cache-control", "no-cache").sendFile("index.html", assetsDir, { cacheControl: false }),
    );
  }
}

function refuse(scope: FastifyInstance, status: 404 | 503, text: string): void {
  for (const path of ["/graphiql", "/graphiql/*"]) {
    scope.get(path, (_request, reply) =>
      reply.code(status).header("cache-control", "no-store").type("text/plain; charset=utf-8").send(text),
    );
  }
}
