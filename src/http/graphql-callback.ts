import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import type { CallbackAddresses } from "./callback-addresses.js";
import { CALLBACK_PROTOCOL, CallbackEndpoint } from "./callback-endpoint.js";
import { NOT_A_CALLBACK, readCallback } from "./callback-request.js";
import { CallbackSubscription } from "./callback-subscription.js";
import { errorAnswer } from "./error-answer.js";
import type { Caller, GraphqlContext, OperationRequest } from "./executor.js";
import { SERVICE_UNAVAILABLE } from "./graphql-errors.js";
import { type RequestParts, TOO_MANY } from "./live-parts.js";
import { readOperation } from "./operation-reading.js";
import type { PresentedError } from "./presented-error.js";
import { ResponseStream } from "./response-stream.js";

const GOING_AWAY = "This server is going away. Subscribe again.";
const NOT_ALLOWED = "callbackUrl is none of the addresses that this server sends subscriptions to.";
const NOT_CONFIRMED = "callbackUrl did not confirm the subscription with status 204.";
/** Of the time between two heartbeats that a router asks for: one that comes right at its end comes too late. */
const HEARTBEAT_SHARE = 0.8;

/** What {@link GraphqlCallback} is built from. */
export interface CallbackParts<Context extends GraphqlContext> extends RequestParts<Context> {
  readonly addresses: CallbackAddresses;
}

/** Why a subscription is not begun. */
interface Refusal {
  readonly status: 200 | 400 | 403 | 415 | 429 | 503;
  readonly body: object;
}

/**
 * Sends subscriptions to a router's address, by Apollo's HTTP callback protocol 1.0. The address is the request's, so
 * nothing is sent to one that the operator has not allowed, or for a caller who may not subscribe.
 */
export class GraphqlCallback<Context extends GraphqlContext> {
  readonly #parts: CallbackParts<Context>;
  /** Null while a subscription is not yet confirmed. */
  readonly #subscriptions = new Map<string, CallbackSubscription | null>();
  #closing = false;

  constructor(parts: CallbackParts<Context>) {
    this.#parts = parts;
  }

  /** Answers one request, when the router has confirmed that it wants what will be sent. */
  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const begun = await this.#begin(readOperation(request), this.#parts.callerOf(request));
    reply.headers(CALLBACK_PROTOCOL);
    if (!(begun instanceof CallbackSubscription)) return reply.code(begun.status).send(begun.body);
    const start = (): void => begun.start();
    if (reply.raw.closed) start();
    else reply.raw.once("close", start);
    return reply.send({ data: null });
  }

  /** Ends every subscription. Resolves when the routers have been told, or have not answered in time. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#subscriptions.values()].map((one) => one?.stop(GOING_AWAY)));
  }

  async #begin(read: ReturnType<typeof readOperation>, caller: Caller): Promise<CallbackSubscription | Refusal> {
    if ("status" in read) return refusal(read.status, CODES[read.status], read.message, caller);
    const asked = readCallback(read.extensions?.subscription);
    if (!asked) return refusal(400, "BAD_REQUEST", NOT_A_CALLBACK, caller);
    const { addresses, operations, limits, journal } = this.#parts;
    const url = addresses.allowed(asked.callbackUrl);
    if (url === null) return refusal(403, "FORBIDDEN", NOT_ALLOWED, caller);
    const key = `${asked.subscriptionId} ${url}`;
    if (this.#subscriptions.has(key)) return refusal(400, "BAD_REQUEST", "subscriptionId is still in use.", caller);
    const slot = operations.take(caller.client);
    if (typeof slot === "string") {
      journal.record({ event: "live_operation_refused", transport: "callback", outcome: slot });
      return refusal(429, "TOO_MANY_REQUESTS", TOO_MANY, caller);
    }
    this.#subscriptions.set(key, null);
    const release = (): void => {
      this.#subscriptions.delete(key);
      slot.release();
    };
    const endpoint = new CallbackEndpoint(url, asked, limits.callbackDeadlineMs);
    const opened = await this.#open(read, caller, endpoint);
    if (!(opened instanceof ResponseStream)) {
      release();
      return opened;
    }
    const { heartbeatIntervalMs } = asked;
    const subscription = new CallbackSubscription({
      endpoint,
      responses: opened,
      // A router that wants no sign of life is still asked now and then, or one that is gone would be kept for ever.
      heartbeatMs: heartbeatIntervalMs === 0 ? limits.callbackCheckMs : heartbeatIntervalMs * HEARTBEAT_SHARE,
      unavailable: (why) => this.#unavailable(why, caller.id),
      onFailed: () =>
        journal.record({ event: "live_connection_ended", transport: "callback", outcome: "unresponsive" }),
      onEnded: release,
    });
    this.#subscriptions.set(key, subscription);
    return subscription;
  }

  /** The subscription's responses, once the router has confirmed it. A caller who may not subscribe sends nothing. */
  async #open(
    request: OperationRequest,
    caller: Caller,
    endpoint: CallbackEndpoint,
  ): Promise<ResponseStream | Refusal> {
    const { executor } = this.#parts;
    const prepared = executor.prepare(request, caller);
    // What is wrong with an operation is GraphQL's own answer, which a router passes on as it is.
    if (prepared.kind === "refused") return { status: 200, body: { data: null, errors: prepared.errors } };
    if (prepared.operation !== "subscription") {
      return refusal(400, "BAD_REQUEST", "Only a subscription can be sent to callbackUrl.", caller);
    }
    const outcome = await executor.run(prepared);
    if (!(outcome instanceof ResponseStream)) return { status: 200, body: { data: null, errors: outcome.errors } };
    const confirmed = (await endpoint.check()) === "taken";
    if (confirmed && !this.#closing) return outcome;
    await outcome.return();
    return this.#closing
      ? refusal(503, SERVICE_UNAVAILABLE, GOING_AWAY, caller)
      : refusal(400, "BAD_REQUEST", NOT_CONFIRMED, caller);
  }

  #unavailable(message: string, requestId: string): PresentedError {
    return this.#parts.executor.present(
      new GraphQLError(message, { extensions: { code: SERVICE_UNAVAILABLE } }),
      requestId,
    );
  }
}

const CODES = { 400: "BAD_REQUEST", 415: "UNSUPPORTED_MEDIA_TYPE" } as const;

function refusal(status: Refusal["status"], code: string, message: string, { id }: Caller): Refusal {
  return { status, body: errorAnswer(code, message, id) };
}
