import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { errorAnswer } from "./error-answer.js";
import { FOREIGN_HOST, type OwnHosts } from "./own-hosts.js";

/** Why a connection does not become a WebSocket. */
export interface UpgradeRefusal {
  /** The HTTP status. */
  readonly status: 400 | 403 | 404 | 421 | 429 | 503;
  readonly code: string;
  readonly message: string;
}

/**
 * Looks at a request to become a WebSocket; null when there is nothing against it. Browsers let any page open a
 * WebSocket anywhere and only say in `Origin` whose page it is, so a page of another host is turned away here. What is
 * not a browser sends no `Origin`.
 */
export function refusalOf(request: IncomingMessage, path: string, ownHosts: OwnHosts | null): UpgradeRefusal | null {
  if (ownHosts && !ownHosts.has(request.headers.host)) return FOREIGN_HOST;
  if (request.url?.split("?")[0] !== path) {
    return { status: 404, code: "NOT_FOUND", message: `There is nothing at this address; GraphQL is at ${path}.` };
  }
  if (!isOwnPage(request.headers.origin, request.headers.host)) {
    const message = "Origin is not this server's own host. A proxy in between has to pass the Host header on as it is.";
    return { status: 403, code: "FORBIDDEN", message };
  }
  if (!handleProtocols(request.headers["sec-websocket-protocol"] ?? "")) {
    const message = "The only sub-protocol that is spoken here is graphql-transport-ws.";
    return { status: 400, code: "BAD_REQUEST", message };
  }
  return null;
}

/** Answers with an error in GraphQL's shape and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, code, message }: UpgradeRefusal, requestId: string): void {
  const body = JSON.stringify(errorAnswer(code, message, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
  ];
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function isOwnPage(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // Through the same parser, which leaves out the scheme's own port from both.
  const own = `${page.protocol}//${host}`;
  return page.host !== "" && URL.canParse(own) && new URL(own).host === page.host;
}
