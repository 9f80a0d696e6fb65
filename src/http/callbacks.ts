import type { FastifyInstance } from "fastify";
import type { CallbackDesk, CallbackRoute } from "../domain/registration.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";

/** Upper bound on what a provider may post; their events are below 2 KB. */
const MAX_CALLBACK_BYTES = 65_536;

/**
 * Serves the addresses that providers call, in a scope of their own: bodies stay text, because a provider's adapter
 * reads them itself, and answers are the provider's, not GraphQL's.
 */
export async function registerCallbacks(
  server: FastifyInstance,
  routes: readonly CallbackRoute[],
  desk: CallbackDesk,
): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string", bodyLimit: MAX_CALLBACK_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    // A callback is evidence, so it is not turned away for what its sender calls its content.
    scope.addHook("onRequest", async (request) => {
      request.raw.headers["content-type"] = "text/plain";
    });
    scope.setErrorHandler(async (error, request, reply) => {
      // A provider that is told so sends its callback again; the store has said itself that it is away.
      const isAway = error instanceof StoreUnavailable;
      const status = isAway ? 503 : ((error as { statusCode?: number }).statusCode ?? 500);
      if (status >= 500 && !isAway) request.log.error({ type: (error as Error).name }, "callback failed");
      return reply
        .code(status)
        .type("text/plain")
        .send(status < 500 ? "refused" : "try again");
    });
    for (const route of routes) mount(scope, route, desk);
  });
}

function mount(scope: FastifyInstance, route: CallbackRoute, desk: CallbackDesk): void {
  scope.route<{ Params: Record<string, string>; Querystring: Record<string, unknown> }>({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const answer = await route.handle(
        {
          url: request.url,
          params: request.params,
          query: singleValues(request.query),
          body: typeof request.body === "string" ? request.body : "",
        },
        desk,
      );
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    },
  });
}

/** A parameter that comes twice is nobody's honest request, so it is treated as absent. */
function singleValues(query: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
