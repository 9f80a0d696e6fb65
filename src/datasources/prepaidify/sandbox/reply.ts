import type { ServerResponse } from "node:http";
import type { Timers } from "./timers.js";

/** How the sandbox answers on the wire. */
export type Reply =
  | { readonly kind: "json"; readonly status: number; readonly body: string }
  /** Breaks the connection without a word. */
  | { readonly kind: "reset" }
  /** Says nothing and keeps the connection. */
  | { readonly kind: "hang" }
  /** Breaks the connection in the middle of the body. */
  | { readonly kind: "cut"; readonly body: string }
  /** Sends one blank after another until the other side gives up. */
  | { readonly kind: "drip" }
  /** Sends {@link HUGE_BODY_BYTES}. */
  | { readonly kind: "huge" };

/** Several times what a caller should be willing to read. */
export const HUGE_BODY_BYTES = 8_388_608;

const CHUNK_BYTES = 65_536;
const DRIP_MS = 20;
const JSON_TYPE = { "content-type": "application/json;charset=UTF-8" } as const;

/** Writes a reply. Connections that it leaves open end when the sandbox closes. */
export function deliver(reply: Reply, response: ServerResponse, timers: Timers): void {
  switch (reply.kind) {
    case "json":
      response.writeHead(reply.status, { ...JSON_TYPE, "content-length": Buffer.byteLength(reply.body) });
      response.end(reply.body);
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      return;
    case "cut":
      response.writeHead(200, { ...JSON_TYPE, "content-length": Buffer.byteLength(reply.body) });
      response.write(reply.body.slice(0, reply.body.length / 2), () => response.socket?.destroy());
      return;
    case "drip":
      response.writeHead(200, JSON_TYPE);
      drip(response, timers);
      return;
    case "huge":
      response.writeHead(200, JSON_TYPE);
      pour(response, HUGE_BODY_BYTES);
  }
}

function drip(response: ServerResponse, timers: Timers): void {
  if (response.destroyed) return;
  response.write(" ");
  timers.after(DRIP_MS, () => drip(response, timers));
}

/** Writes no faster than the other side reads, so that memory stays flat. */
function pour(response: ServerResponse, leftBytes: number): void {
  if (response.destroyed) return;
  if (leftBytes <= 0) response.end();
  else response.write(Buffer.alloc(CHUNK_BYTES, " "), () => pour(response, leftBytes - CHUNK_BYTES));
}
