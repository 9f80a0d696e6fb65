import type { FastifyReply, FastifyRequest } from "fastify";
import { errorAnswer } from "./error-answer.js";
import { EventStream } from "./event-stream.js";
import type { GraphqlContext, ReadyOperation } from "./executor.js";
import { type RequestParts, TOO_MANY } from "./live-parts.js";
import { readOperation } from "./operation-reading.js";
import type { PresentedError } from "./presented-error.js";
import { ResponseStream } from "./response-stream.js";

/** Serves GraphQL as server-sent events, one operation a request. */
export class GraphqlSse<Context extends GraphqlContext> {
  readonly #parts: RequestParts<Context>;
  readonly #streams = new Set<EventStream>();
  readonly #subscriptions = new Map<EventStream, ResponseStream>();
  readonly #heartbeat: NodeJS.Timeout;
  #closing = false;

  constructor(parts: RequestParts<Context>) {
    this.#parts = parts;
    this.#heartbeat = setInterval(() => {
      for (const stream of this.#streams) stream.signOfLife();
    }, parts.limits.heartbeatMs).unref();
  }

  /** Answers one request. Resolves when all of the answer has been handed over. */
  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { operations, executor, journal } = this.#parts;
    const refuse = (status: number, code: string, message: string): FastifyReply =>
      reply.code(status).send(errorAnswer(code, message, request.id));
    const read = readOperation(request);
    if ("status" in read) return refuse(read.status, CODES[read.status], read.message);
    const caller = this.#parts.callerOf(request);
    const slot = operations.take(caller.client);
    if (typeof slot === "string") {
      journal.record({ event: "live_operation_refused", transport: "sse", outcome: slot });
      return refuse(429, "TOO_MANY_REQUESTS", TOO_MANY);
    }
    const prepared = executor.prepare(read, caller);
    if (prepared.kind === "ready" && prepared.operation === "mutation" && request.method === "GET") {
      slot.release();
      reply.header("allow", "POST");
      return refuse(405, "BAD_REQUEST", "A mutation must be sent as a POST.");
    }
    const stream = this.#open(reply);
    stream.whenClosed(() => slot.release());
    // By the protocol what is wrong with a document comes as an event, since the client asked for events.
    if (prepared.kind === "refused") finish(stream, prepared.errors);
    else await this.#run(prepared, stream).catch((error) => finish(stream, [executor.present(error, caller.id)]));
    return reply;
  }

  /** Ends every subscription. What answers once is let finish, as any request in flight is. */
  close(): void {
    this.#closing = true;
    clearInterval(this.#heartbeat);
    for (const [stream, responses] of this.#subscriptions) {
      stream.end();
      void responses.return();
    }
  }

  #open(reply: FastifyReply): EventStream {
    const { limits, journal } = this.#parts;
    const stream = new EventStream(reply, limits.unreadBytesMax, () =>
      journal.record({ event: "live_connection_ended", transport: "sse", outcome: "slow_reader" }),
    );
    this.#streams.add(stream);
    stream.whenClosed(() => this.#streams.delete(stream));
    return stream;
  }

  async #run(ready: ReadyOperation, stream: EventStream): Promise<void> {
    const outcome = await this.#parts.executor.run(ready);
    if (!(outcome instanceof ResponseStream)) {
      stream.next(outcome);
      stream.complete();
      return;
    }
    this.#subscriptions.set(stream, outcome);
    stream.whenClosed(() => {
      this.#subscriptions.delete(stream);
      void outcome.return();
    });
    if (this.#closing) stream.end();
    for await (const response of outcome) stream.next(response);
    stream.complete();
  }
}

const CODES = { 400: "BAD_REQUEST", 415: "UNSUPPORTED_MEDIA_TYPE" } as const;

function finish(stream: EventStream, errors: readonly PresentedError[]): void {
  stream.next({ errors });
  stream.complete();
}
