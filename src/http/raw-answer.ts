import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorAnswer } from "./error-answer.js";

/** Why a connection is ended before anything on it became a request that is served. */
export interface RawRefusal {
  /** The HTTP status. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Answers with an error in GraphQL's shape and ends the connection. */
export function refuseRaw(socket: Duplex, { status, code, message }: RawRefusal, requestId: string): void {
  const body = JSON.stringify(errorAnswer(code, message, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    "content-type: application/json; charset=utf-8",
    "x-content-type-options: nosniff",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
  ];
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
