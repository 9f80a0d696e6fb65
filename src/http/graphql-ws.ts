import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from "graphql";
import { CloseCode, handleProtocols, makeServer, type Server as Protocol, type SubscribePayload } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { ClientAddresses } from "./client-address.js";
import type { GraphqlContext, ReadyOperation } from "./executor.js";
import { ENDED, type Gate } from "./gate.js";
import { type LiveParts, TOO_MANY } from "./live-parts.js";
import { LiveSlots } from "./live-slots.js";
import { LiveSocket } from "./live-socket.js";
import { type RawRefusal, refuseRaw } from "./raw-answer.js";
import { ResponseStream } from "./response-stream.js";
import { refusalOf, type UpgradeRules } from "./upgrade-check.js";

const CLOSING: RawRefusal = { status: 503, code: "SERVICE_UNAVAILABLE", message: "This server is going away." };
const FULL: RawRefusal = { status: 429, code: "TOO_MANY_REQUESTS", message: "Too many WebSockets are open." };

/** The close code of a server that cannot say just now. */
const TRY_AGAIN_LATER = 1013;

/** What {@link GraphqlWs} is built from. */
export interface WsParts<Context extends GraphqlContext> extends LiveParts<Context>, UpgradeRules {
  readonly gate: Gate;
  /** Says from where requests come. */
  readonly clients: ClientAddresses;
  /** Upper bound on one message. */
  readonly messageBytesMax: number;
}

/** Arguments that say of which operation they are. */
interface SocketArgs extends ExecutionArgs {
  readonly ready: ReadyOperation;
  readonly socket: LiveSocket;
  /** Gives back everything that the operation holds. */
  readonly release: () => void;
}

/** Serves GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export class GraphqlWs<Context extends GraphqlContext> {
  readonly #parts: WsParts<Context>;
  readonly #places: LiveSlots;
  readonly #sockets = new Set<LiveSocket>();
  readonly #handshake: WebSocketServer;
  readonly #protocol: Protocol<LiveSocket>;
  readonly #heartbeat: NodeJS.Timeout;
  #closing = false;
  #onEmpty: () => void = () => {};

  constructor(parts: WsParts<Context>) {
    const { limits, messageBytesMax } = parts;
    this.#parts = parts;
    this.#places = new LiveSlots(limits.operationsMax, limits.operationsPerClient);
    this.#handshake = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: messageBytesMax,
      perMessageDeflate: false,
      handleProtocols,
      // One message at a time: the protocol's state is settled between an operation's end and the reuse of its id.
      allowSynchronousEvents: false,
    });
    this.#protocol = this.#speakProtocol();
    this.#heartbeat = setInterval(() => {
      for (const socket of this.#sockets) socket.ping();
    }, limits.heartbeatMs).unref();
  }

  /** How many WebSockets are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Takes up what wants to become a WebSocket. */
  attach(server: Server): void {
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Tells every client that the server goes away, once the answers that it waits for have been sent. */
  close(): void {
    this.#closing = true;
    clearInterval(this.#heartbeat);
    for (const socket of this.#sockets) socket.goAway();
  }

  /** Resolves when no socket is left, and every source has been told. For once it has been closed. */
  async whenEmpty(): Promise<void> {
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const requestId = randomUUID();
    const refusal = this.#closing ? CLOSING : refusalOf(request, this.#parts);
    if (refusal) {
      refuseRaw(connection, refusal, requestId);
      return;
    }
    const client = this.#parts.clients.keyOf(request);
    const place = this.#places.take(client);
    if (typeof place === "string") {
      this.#parts.journal.record({ event: "live_operation_refused", transport: "websocket", outcome: place });
      refuseRaw(connection, FULL, requestId);
      return;
    }
    connection.once("close", () => place.release());
    this.#handshake.handleUpgrade(request, connection, head, (socket) => this.#opened(socket, request, client));
  }

  #opened(socket: WebSocket, { headers }: IncomingMessage, client: string): void {
    const { limits, journal, executor } = this.#parts;
    const live = new LiveSocket({
      socket,
      headers,
      client,
      unreadBytesMax: limits.unreadBytesMax,
      onEnded: (outcome) => journal.record({ event: "live_connection_ended", transport: "websocket", outcome }),
      onFault: (error) => void executor.present(error, randomUUID()),
    });
    this.#sockets.add(live);
    const closed = this.#protocol.opened(live, live);
    socket.once("close", (code, reason) => {
      this.#sockets.delete(live);
      void closed(code, reason.toString());
      if (this.#sockets.size === 0) this.#onEmpty();
    });
  }

  #speakProtocol(): Protocol<LiveSocket> {
    return makeServer<Record<string, unknown>, LiveSocket>({
      connectionInitWaitTimeout: this.#parts.limits.initTimeoutMs,
      onConnect: async (context) => {
        const { connectionParams, extra } = context;
        // They would be kept for as long as the connection.
        Object.assign(context, { connectionParams: undefined });
        return this.#connected(extra, connectionParams ?? {});
      },
      onSubscribe: ({ extra }, id, payload) => this.#begin(extra, id, payload),
      execute: (args) => this.#answer(args as SocketArgs),
      subscribe: (args) => this.#subscribe(args as SocketArgs),
      // Results are presented already.
      onNext: (_context, _id, _payload, _args, result) => result as object,
    });
  }

  /** Browsers cannot send headers with a WebSocket, so there `Authorization` is a member of `connection_init`. */
  async #connected(socket: LiveSocket, params: Readonly<Record<string, unknown>>): Promise<boolean> {
    const { authorization, Authorization = authorization } = params;
    const given = typeof Authorization === "string" ? Authorization : socket.headers.authorization;
    const admitted = await this.#parts.gate.admit(given, socket.client);
    if ("tenant" in admitted) {
      socket.identity = admitted;
      return true;
    }
    const { status, message } = admitted;
    socket.close(status === 401 ? CloseCode.Unauthorized : TRY_AGAIN_LATER, message);
    return false;
  }

  async #begin(
    socket: LiveSocket,
    id: string,
    payload: SubscribePayload,
  ): Promise<SocketArgs | readonly GraphQLError[]> {
    const { executor, gate, operations, limits, journal } = this.#parts;
    const { identity, headers, client } = socket;
    const requestId = randomUUID();
    const held = socket.operations;
    const refuse = (message: string, code: string): readonly GraphQLError[] => [
      executor.present(new GraphQLError(message, { extensions: { code } }), requestId),
    ];
    if (!identity || (identity.expiresAt && identity.expiresAt <= new Date())) return refuse(ENDED.message, ENDED.code);
    if (held.has(id)) {
      // The client has ended an operation that had not yet begun, and uses its id again: two would share one id.
      socket.close(CloseCode.SubscriberAlreadyExists, "Subscriber already exists");
      return refuse("The id is still in use.", "BAD_REQUEST");
    }
    const slot = held.size < limits.operationsPerSocket ? operations.take(socket.client) : "connection_full";
    if (typeof slot === "string") {
      journal.record({ event: "live_operation_refused", transport: "websocket", outcome: slot });
      return refuse(TOO_MANY, "TOO_MANY_REQUESTS");
    }
    held.add(id);
    const release = (): void => {
      held.delete(id);
      slot.release();
    };
    const rejection = await gate.begin(identity);
    if (rejection) {
      release();
      return refuse(rejection.message, rejection.code);
    }
    const { documentId } = payload as { readonly documentId?: unknown };
    const named = { ...payload, documentId: typeof documentId === "string" ? documentId : null };
    const prepared = executor.prepare(named, { id: requestId, headers, client, identity });
    if (prepared.kind === "ready") return { ...prepared.args, ready: prepared, socket, release };
    release();
    return prepared.errors;
  }

  #answer({ ready, socket, release }: SocketArgs): Promise<ExecutionResult> {
    return socket.answering(async () => {
      const outcome = await this.#parts.executor.run(ready);
      release();
      return outcome as ExecutionResult;
    });
  }

  async #subscribe({ ready, release }: SocketArgs): Promise<ResponseStream | ExecutionResult> {
    const outcome = await this.#parts.executor.run(ready);
    if (outcome instanceof ResponseStream) outcome.whenEnded(release);
    else release();
    return outcome;
  }
}
