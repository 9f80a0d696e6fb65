import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticator } from "../domain/identity.js";
import type { Journal } from "../domain/journal.js";
import { AllowedOrigins } from "./allowed-origins.js";
import { AnswerBound, LATE, TOO_LATE } from "./answer-bound.js";
import { finishCaching } from "./answer-caching.js";
import { apolloHandler } from "./apollo-handler.js";
import { buildApollo } from "./apollo-server.js";
import { CallbackAddresses } from "./callback-addresses.js";
import { asksForCallback } from "./callback-request.js";
import { ClientAddresses } from "./client-address.js";
import { errorAnswer } from "./error-answer.js";
import { type Caller, Executor, type ExecutorParts, type GraphqlContext } from "./executor.js";
import { Gate } from "./gate.js";
import { GraphqlCallback } from "./graphql-callback.js";
import { GraphqlSse } from "./graphql-sse.js";
import { GraphqlWs } from "./graphql-ws.js";
import { DEFAULT_LIVE_LIMITS, type LiveLimits, LiveSlots } from "./live-slots.js";
import { prefersEventStream } from "./media-types.js";
import type { OwnHosts } from "./own-hosts.js";
import { BAD_HOST } from "./request-bounds.js";
import { nameRequest } from "./request-faults.js";
import { MAX_BODY_BYTES } from "./server.js";
import { TrustedDocuments } from "./trusted-documents.js";
import type { ListedDocument } from "./trusted-list.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sends a request to GraphQL; null until they are let in. */
    caller: Caller | null;
  }
}

/** Where GraphQL is served, whatever the transport. */
const PATH = "/graphql";

/** How long a caller waits for one answer unless the configuration says otherwise. */
const ANSWER_MS = 40_000;

/** What the GraphQL route is built from. */
export interface GraphqlOptions<Context extends GraphqlContext>
  extends Omit<ExecutorParts<Context>, "trusted" | "stillHolds" | "bound"> {
  readonly journal: Journal;
  /** Finds out who is calling, whatever the transport. */
  readonly authenticator: Authenticator;
  /** The only documents that are run, over every transport; null: any that is valid. */
  readonly trustedList?: readonly ListedDocument[] | null;
  /** Addresses that subscriptions may be sent to, and all below them; empty: none are sent anywhere. */
  readonly callbackUrls?: readonly string[];
  /** The names that this server goes by; null: any. */
  readonly ownHosts?: OwnHosts | null;
  /** Says from where requests come; unless given, from where their connection does. */
  readonly clients?: ClientAddresses;
  /** The pages of other sites that may use this from a browser; unless given, none. */
  readonly origins?: AllowedOrigins;
  /** How long a caller waits for one answer, in milliseconds; 40 s, unless given. What goes on then is not aborted. */
  readonly answerMs?: number;
  /** Operations that each tenant may send in a minute; 0, unless given: any number. */
  readonly operationsPerMinute?: number;
  /** Bounds on what clients keep open; those that are not given have their defaults. */
  readonly limits?: Partial<LiveLimits>;
}

/** The GraphQL route as it is served. */
export interface GraphqlRoute {
  /** How many operations are under way over server-sent events, WebSockets and callbacks. */
  openOperations(): number;
  /** How many WebSockets are open. */
  openSockets(): number;
  /** Gives back what is left once the HTTP server has closed. */
  stop(): Promise<void>;
}

/**
 * Serves GraphQL on `/graphql`: one answer to a plain request, server-sent events to a client that prefers them,
 * WebSockets, and messages to a router that asks for them. Streams end when the HTTP server closes. Throws
 * {@link TrustedListError} for a list that does not fit the schema.
 */
export async function registerGraphql<Context extends GraphqlContext>(
  server: FastifyInstance,
  options: GraphqlOptions<Context>,
): Promise<GraphqlRoute> {
  const { schema, trustedList = null, callbackUrls = [], journal, authenticator, operationsPerMinute = 0 } = options;
  const { clients = new ClientAddresses(), origins = new AllowedOrigins(), answerMs = ANSWER_MS } = options;
  const bound = new AnswerBound(answerMs, journal);
  const gate = new Gate(authenticator, journal, operationsPerMinute);
  const letIn = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { id, headers } = request;
    if (headers.host === undefined) return reply.code(400).send(errorAnswer(BAD_HOST.code, BAD_HOST.message, id));
    const client = clients.keyOf(request.raw);
    const admitted = await gate.admit(headers.authorization, client);
    const refusal = "tenant" in admitted ? await gate.begin(admitted) : admitted;
    if ("tenant" in admitted) request.caller = { id, headers, client, identity: admitted };
    if (!refusal) return;
    const { status, code, message, retryAfterSeconds } = refusal;
    if (status === 401) reply.header("www-authenticate", "Bearer");
    if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
    return reply.code(status).send(errorAnswer(code, message, request.id));
  };
  const stillHolds = authenticator.stillHolds?.bind(authenticator);
  const execution = {
    ...options,
    stillHolds,
    bound,
    trusted: trustedList && new TrustedDocuments(trustedList, schema),
  };
  const limits = { ...DEFAULT_LIVE_LIMITS, ...options.limits };
  const operations = new LiveSlots(limits.operationsMax, limits.operationsPerClient);
  const parts = { executor: new Executor(execution), operations, limits, journal };
  const sse = new GraphqlSse({ ...parts, callerOf });
  const addresses = new CallbackAddresses(callbackUrls);
  const callbacks = callbackUrls.length > 0 ? new GraphqlCallback({ ...parts, addresses, callerOf }) : null;
  const ws = new GraphqlWs({
    ...parts,
    ...{ gate, clients, origins },
    ownHosts: options.ownHosts ?? null,
    path: PATH,
    messageBytesMax: MAX_BODY_BYTES,
  });
  const apollo = buildApollo(execution);
  await apollo.start();
  const answerOnce = apolloHandler(apollo, (request) => options.contextOf(callerOf(request)));
  await server.register(async (scope) => {
    scope.decorateRequest("caller", null);
    await origins.tell(scope);
    scope.route({ method: "OPTIONS", url: PATH, handler: answerOnce });
    scope.route({
      method: ["GET", "POST"],
      url: PATH,
      preHandler: letIn,
      onSend: [nameRequest, finishCaching],
      handler: async (request, reply) => {
        if (callbacks && asksForCallback(request)) return callbacks.handle(request, reply);
        const streams = request.method !== "HEAD" && prefersEventStream(request.headers.accept);
        if (streams) return sse.handle(request, reply);
        const answer = await bound.within(answerOnce(request, reply));
        if (answer !== TOO_LATE) return answer;
        return reply.code(LATE.status).send(errorAnswer(LATE.code, LATE.message, request.id));
      },
    });
  });
  ws.attach(server.server);
  server.addHook("preClose", async () => {
    sse.close();
    ws.close();
    await callbacks?.close();
  });
  server.addHook("onClose", () => ws.whenEmpty());
  return { openOperations: () => operations.open, openSockets: () => ws.open, stop: () => apollo.stop() };
}

function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new Error("a request has come past the gate");
  return caller;
}
