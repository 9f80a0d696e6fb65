import { ApolloServer, type ApolloServerPlugin, type BaseContext } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { GraphQLError, GraphQLSchema } from "graphql";
import { documentBounds } from "./document-bounds.js";
import { isUnplanned, presentError } from "./graphql-errors.js";

/** Upper bound on the tokens of a document. The largest that a tool sends, introspection, has some 200. */
const MAX_TOKENS = 2_000;

/** What every resolver is given; the server only needs the id. */
export interface GraphqlContext extends BaseContext {
  readonly requestId: string;
}

/** What the GraphQL route is built from. */
export interface GraphqlOptions<Context extends GraphqlContext> {
  readonly schema: GraphQLSchema;
  readonly contextOf: (request: FastifyRequest) => Context;
  /** Told every error that was masked. */
  readonly onUnplanned: (error: GraphQLError, requestId: string) => void;
}

/** Serves GraphQL over HTTP on `/graphql`. Resolves with how to stop it. */
export async function registerGraphql<Context extends GraphqlContext>(
  server: FastifyInstance,
  options: GraphqlOptions<Context>,
): Promise<{ stop(): Promise<void> }> {
  const apollo = new ApolloServer<Context>({
    schema: options.schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [documentBounds],
    formatError: presentError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      finishResponses(options.onUnplanned),
    ],
  });
  await apollo.start();
  server.route({
    method: ["GET", "POST", "OPTIONS"],
    url: "/graphql",
    handler: fastifyApolloHandler(apollo, { context: async (request) => options.contextOf(request) }),
  });
  return { stop: () => apollo.stop() };
}

/** Faults of the request itself; a client that knows only `application/json` is told them with status 200. */
const REQUEST_FAULTS: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
]);

/**
 * Puts the request's id into every error, reports what was masked, and answers with the status that the GraphQL over
 * HTTP specification gives to a client that does not accept `application/graphql-response+json`.
 */
function finishResponses<Context extends GraphqlContext>(
  onUnplanned: (error: GraphQLError, requestId: string) => void,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        for (const error of errors) if (isUnplanned(error)) onUnplanned(error, contextValue.requestId);
      },
      willSendResponse: async ({ request, response, contextValue }) => {
        if (response.body.kind !== "single") return;
        const result = response.body.singleResult;
        if (!result.errors) return;
        const { requestId } = contextValue;
        result.errors = result.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
        const modern = request.http?.headers.get("accept")?.includes("application/graphql-response+json");
        const requestFault = result.errors.every((error) => REQUEST_FAULTS.has(error.extensions?.code));
        if (!modern && requestFault && response.http.status === 400) response.http.status = 200;
      },
    }),
  };
}
