import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type FastifyBaseLogger, type FastifyError, type FastifyInstance, fastify, LogController } from "fastify";
import { errorAnswer } from "./error-answer.js";
import {
  boundConnections,
  boundsFault,
  DEFAULT_REQUEST_BOUNDS,
  MAX_HEADERS_BYTES,
  type RequestBounds,
  refuseUnreadable,
} from "./request-bounds.js";
import { securityHeaders } from "./security-headers.js";

/** Upper bound on a request's body in bytes. The largest sensible document with variables is a tenth of it. */
export const MAX_BODY_BYTES = 100_000;

/** What the HTTP server is built from besides its log. */
export interface ServerOptions {
  /** Whether clients reach this server by https; unless given, they do not. */
  readonly overTls?: boolean;
  /** Bounds that are not given have their defaults. */
  readonly bounds?: Partial<RequestBounds>;
  /** Told of each connection that was one too many. */
  readonly onDropped?: () => void;
}

/** What a caller is told of a request that never became GraphQL, by HTTP status. */
const FAULTS: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  400: { code: "BAD_REQUEST", message: "The body is not valid JSON in UTF-8." },
  404: { code: "NOT_FOUND", message: "There is nothing at this address; GraphQL is at /graphql." },
  413: { code: "PAYLOAD_TOO_LARGE", message: `The body is larger than ${MAX_BODY_BYTES} bytes.` },
  415: { code: "UNSUPPORTED_MEDIA_TYPE", message: "The body must be application/json." },
};

/** Builds the HTTP server, with errors in GraphQL's shape and no value of a request in its log. */
export function buildServer(logger: FastifyBaseLogger, options: ServerOptions = {}): FastifyInstance {
  const bounds = { ...DEFAULT_REQUEST_BOUNDS, ...options.bounds };
  const server = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request would be made for one line of it, which can say itself of which request it is.
    childLoggerFactory: (parent) => parent,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: bounds.requestMs,
    connectionTimeout: bounds.stalledMs,
    keepAliveTimeout: bounds.idleMs,
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: "idle",
    return503OnClosing: true,
    genReqId: () => randomUUID(),
    http: {
      shouldUpgradeCallback: wantsWebSocket,
      headersTimeout: bounds.headersMs,
      connectionsCheckingInterval: bounds.checkMs,
      maxHeaderSize: MAX_HEADERS_BYTES,
    },
    routerOptions: { maxParamLength: 256 },
  });
  boundConnections(server.server, bounds, options.onDropped ?? (() => undefined));
  const always = securityHeaders(options.overTls ?? false);
  server.addHook("onRequest", (request, reply, done) => {
    reply.headers(always).header("x-request-id", request.id);
    const fault = boundsFault(request.raw);
    if (!fault) return done();
    // What is left of such a request is not read.
    reply
      .code(fault.status)
      .header("connection", "close")
      .send(errorAnswer(fault.code, fault.message, request.id));
  });
  endConnectionsOnClose(server);
  readJson(server);
  // The route's pattern, never the address: that may hold an order number or a callback's token.
  server.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    const durationMs = Math.round(reply.elapsedTime);
    const { id: requestId, method } = request;
    logger.info({ requestId, method, route, status: reply.statusCode, durationMs }, "request");
    done();
  });
  server.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const status = error.statusCode ?? 500;
    const { id: requestId } = request;
    if (status >= 500) logger.error({ requestId, type: error.name, code: error.code }, "request failed");
    return reply.code(status).send(graphqlShaped(status, requestId));
  });
  server.setNotFoundHandler(async (request, reply) => reply.code(404).send(graphqlShaped(404, request.id)));
  return server;
}

/** Reads JSON that is UTF-8, as JSON has to be: what is not would come to stand for something that nobody wrote. */
function readJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    if (isUtf8(body)) return parse(request, body.toString("utf8"), done);
    done(Object.assign(new Error("the body is not UTF-8"), { statusCode: 400 }));
  });
}

/**
 * Whether a request is to become a WebSocket. Once a server serves those, Node.js would take any other offer to upgrade
 * for one too, such as the HTTP/2 that some clients offer with every plain request; an offer may be left unanswered.
 */
function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

/** How often a closing server looks for connections that nobody uses. */
const CLOSE_CHECK_MS = 50;

/**
 * Lets requests in flight finish when the server closes, and nothing else: a connection that is kept alive after its
 * answer, or on which no whole request ever came, would hold the close up for as long as it likes.
 */
function endConnectionsOnClose(server: FastifyInstance): void {
  let closing = false;
  // A number, and not what it counts: a set that changes with every request keeps what was in it from being given back.
  let inFlight = 0;
  server.addHook("onRequest", (_request, reply, done) => {
    inFlight += 1;
    // Comes when the answer has been sent, and also when the client has gone before that.
    reply.raw.once("close", () => {
      inFlight -= 1;
    });
    done();
  });
  server.addHook("onSend", (_request, reply, payload, done) => {
    if (closing) reply.header("connection", "close");
    done(null, payload);
  });
  server.addHook("preClose", async () => {
    closing = true;
    const check = setInterval(() => {
      if (inFlight === 0) server.server.closeAllConnections();
    }, CLOSE_CHECK_MS);
    server.server.once("close", () => clearInterval(check));
  });
}

function graphqlShaped(status: number, requestId: string): object {
  const fault = FAULTS[status] ?? (status < 500 ? FAULTS[400] : undefined);
  const { code, message } = fault ?? { code: "INTERNAL_SERVER_ERROR", message: "Something went wrong on this server." };
  return errorAnswer(code, message, requestId);
}
