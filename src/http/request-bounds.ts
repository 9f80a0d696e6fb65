import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type RawRefusal, refuseRaw } from "./raw-answer.js";

/** Bounds on what comes in before it is known what it is. */
export interface RequestBounds {
  /** How long the line and the headers of a request may take, from its first byte or the connection's begin. */
  readonly headersMs: number;
  /** How long the whole request may take. */
  readonly requestMs: number;
  /** How often connections are looked at for both; a slow one is ended by so much later. */
  readonly checkMs: number;
  /** How long a connection may stay open without a request; longer than proxies keep theirs, which is a minute. */
  readonly idleMs: number;
  /** How long nothing may pass in either direction while an answer is owed; a client that does not read is ended. */
  readonly stalledMs: number;
  /** Connections open at once; more are closed as they come. */
  readonly connectionsMax: number;
}

/** The bounds that hold unless the configuration says otherwise. */
export const DEFAULT_REQUEST_BOUNDS: RequestBounds = {
  headersMs: 15_000,
  requestMs: 30_000,
  checkMs: 2_000,
  idleMs: 72_000,
  stalledMs: 180_000,
  connectionsMax: 25_000,
};

/** Upper bound on the line and the headers of a request together, in bytes. */
export const MAX_HEADERS_BYTES = 16_384;
/** Upper bound on the headers of a request. */
export const MAX_HEADERS = 100;
/** Upper bound on path and query in characters: a document in a query, and no more. */
export const MAX_URL_LENGTH = 8_192;

/** What a `Host` may be made of: what would read as anything else within an address makes no sense of the request. */
const HOST = /^[\w.:[\]-]+$/;

const TOO_LONG: RawRefusal = {
  ...{ status: 414, code: "URI_TOO_LONG" },
  message: `Path and query are longer than ${MAX_URL_LENGTH} characters; send the document as a POST.`,
};
const TOO_MANY: RawRefusal = {
  ...{ status: 431, code: "HEADERS_TOO_LARGE" },
  message: `The request has more than ${MAX_HEADERS} headers, or more than ${MAX_HEADERS_BYTES} bytes of them.`,
};
const TOO_SLOW: RawRefusal = { status: 408, code: "REQUEST_TIMEOUT", message: "The request did not arrive in time." };
const NO_HTTP: RawRefusal = { status: 400, code: "BAD_REQUEST", message: "This is no request in HTTP." };
/** What is told of a request that does not name a server that there can be. */
export const BAD_HOST: RawRefusal = {
  status: 400,
  code: "BAD_REQUEST",
  message: "Host is no name or address of a server.",
};

/** What is wrong with the line and the headers of a request that was read; null: nothing. */
export function boundsFault({ url = "", rawHeaders, headers }: IncomingMessage): RawRefusal | null {
  if (url.length > MAX_URL_LENGTH) return TOO_LONG;
  if (rawHeaders.length > 2 * MAX_HEADERS) return TOO_MANY;
  // Only HTTP/1.0 may leave it out, which simple checks of health are still written in.
  return headers.host === undefined || isHost(headers.host) ? null : BAD_HOST;
}

/** The last host that makes sense: nearly every request has the same. */
let lastHost: string | null = null;

function isHost(text: string): boolean {
  if (text === lastHost) return true;
  const isOne = HOST.test(text) && URL.canParse(`http://${text}`);
  if (isOne) lastHost = text;
  return isOne;
}

/** Bounds the connections of a server; `onDropped` is told of each that is one too many. */
export function boundConnections(server: Server, bounds: RequestBounds, onDropped: () => void): void {
  server.maxConnections = bounds.connectionsMax;
  // The surplus would be left out without a word; the library is made to read one header more than is allowed.
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.on("drop", onDropped);
}

/** Where the library itself keeps the answer that a connection waits for. */
type OwingSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/** Answers what could not be read as a request, and ends its connection. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // While an answer is owed to a whole request, this would be taken for it: an order would seem refused.
  const owed = (socket as OwingSocket)._httpMessage?.req.complete;
  if (error.code === "ECONNRESET" || !socket.writable || owed) {
    socket.destroy();
    return;
  }
  const isLarge = error.code === "HPE_HEADER_OVERFLOW";
  const refusal = isLarge ? TOO_MANY : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? TOO_SLOW : NO_HTTP;
  refuseRaw(socket, refusal, randomUUID());
}
