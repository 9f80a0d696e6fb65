import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  type GraphQLResponse,
  HeaderMap,
} from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { GraphQLError } from "graphql";
import { CompiledQueries } from "./compiled-queries.js";
import { MAX_TOKENS } from "./document-cache.js";
import { documentRules } from "./document-rules.js";
import type { ExecutorParts, GraphqlContext } from "./executor.js";
import { isUnplanned, presentError, SERVICE_UNAVAILABLE } from "./graphql-errors.js";
import { KnownTexts, nameDocuments } from "./known-texts.js";
import { ListBounds } from "./list-bounds.js";
import { runTrustedOnly, trustedOptions } from "./trusted-requests.js";

/** Builds the Apollo Server that answers plain requests, with one answer each; it is not yet started. */
export function buildApollo<Context extends GraphqlContext>(options: ExecutorParts<Context>): ApolloServer<Context> {
  const { trusted, introspection = true, schema, renewed } = options;
  const texts = new KnownTexts();
  return new ApolloServer<Context>({
    schema,
    // What is not told is told by our own rule, the same for every transport.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [...documentRules(introspection)],
    formatError: presentError,
    ...(trusted ? trustedOptions(trusted) : { persistedQueries: { cache: texts } }),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      trusted ? runTrustedOnly<Context>(trusted) : nameDocuments<Context>(texts),
      ...(renewed ? [answerCompiled(new CompiledQueries<Context>(schema), renewed)] : []),
      finishResponses(options.onUnplanned),
    ],
  });
}

/**
 * Answers a query by its compiled code where that has the whole answer. Apollo Server itself executes everything else,
 * with the request's own context, so that an answer with errors is the same whatever was tried before.
 */
function answerCompiled<Context extends GraphqlContext>(
  queries: CompiledQueries<Context>,
  renewed: (context: Context) => Context,
): ApolloServerPlugin<Context> {
  return sameForAll({
    responseForOperation: async ({ document, operation, request: { variables }, contextValue }) => {
      // Of several operations the request may have named none; the type does not say so.
      if (!(operation as typeof operation | undefined)) return null;
      const data = await queries.answer({ document, operation, variables, context: () => renewed(contextValue) });
      return data && answerOf(data);
    },
  });
}

/** Listens to every request alike: nothing is remembered from one moment of a request to the next. */
function sameForAll<Context extends GraphqlContext>(
  listener: GraphQLRequestListener<Context>,
): ApolloServerPlugin<Context> {
  return { requestDidStart: async () => listener };
}

function answerOf(data: Record<string, unknown>): GraphQLResponse {
  return { http: { status: undefined, headers: new HeaderMap() }, body: { kind: "single", singleResult: { data } } };
}

/** Faults of the request itself; a client that knows only `application/json` is told them with status 200. */
const REQUEST_FAULTS: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "TRUSTED_DOCUMENT_REQUIRED",
  "TRUSTED_DOCUMENT_UNKNOWN",
]);

const HOW_TO_SUBSCRIBE =
  "A subscription is a stream: send it with `Accept: text/event-stream`, or over a WebSocket to this address with the sub-protocol graphql-transport-ws.";

/**
 * Refuses subscriptions, puts the request's id into every error, reports what was masked, and answers with the status
 * that the GraphQL over HTTP specification gives to a client that does not accept `application/graphql-response+json`.
 */
function finishResponses<Context extends GraphqlContext>(
  onUnplanned: (error: GraphQLError, requestId: string) => void,
): ApolloServerPlugin<Context> {
  const bounds = new ListBounds();
  return sameForAll({
    didResolveOperation: async ({ schema, document, operation, request }) => {
      if (operation?.operation === "subscription") {
        throw new GraphQLError(HOW_TO_SUBSCRIBE, { extensions: { code: "BAD_REQUEST", http: { status: 400 } } });
      }
      const fault = operation && bounds.beyond({ schema, document, operation, variables: request.variables });
      if (fault) throw fault;
    },
    didEncounterErrors: async ({ errors, contextValue }) => {
      for (const error of errors) if (isUnplanned(error)) onUnplanned(error, contextValue.requestId);
    },
    willSendResponse: async ({ request, response, operation, contextValue }) => {
      if (response.body.kind !== "single") return;
      const result = response.body.singleResult;
      if (!result.errors) return;
      const { requestId } = contextValue;
      // Of a GET Apollo says that only queries may come that way, which is not what helps here.
      const message = operation?.operation === "subscription" ? { message: HOW_TO_SUBSCRIBE } : {};
      result.errors = result.errors.map((error) => ({
        ...error,
        ...message,
        extensions: { ...error.extensions, requestId },
      }));
      if (result.errors.some((error) => error.extensions?.code === SERVICE_UNAVAILABLE)) response.http.status = 503;
      const modern = request.http?.headers.get("accept")?.includes("application/graphql-response+json");
      const requestFault = result.errors.every((error) => REQUEST_FAULTS.has(error.extensions?.code));
      if (!modern && requestFault && response.http.status === 400) response.http.status = 200;
    },
  });
}
