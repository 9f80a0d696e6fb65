import type { FastifyReply } from "fastify";
import type { ExecutionResult } from "graphql";
import { print, type StreamData } from "graphql-sse";
import { EVENT_STREAM } from "./media-types.js";

/** What proxies are asked: to pass every event on at once, as it is, and to keep none. */
const HEADERS = {
  "content-type": `${EVENT_STREAM}; charset=utf-8`,
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};
/** A comment: no event, but a sign of life. */
const COMMENT = ":\n\n";

/** The answer to one request as server-sent events, in the distinct connections mode of graphql-sse's protocol. */
export class EventStream {
  readonly #raw: FastifyReply["raw"];
  readonly #unreadBytesMax: number;
  readonly #onTooSlow: () => void;

  /** Takes the answer over from fastify and begins it. `onTooSlow` is told when the client's slowness ends it. */
  constructor(reply: FastifyReply, unreadBytesMax: number, onTooSlow: () => void) {
    this.#raw = reply.raw;
    this.#unreadBytesMax = unreadBytesMax;
    this.#onTooSlow = onTooSlow;
    reply.hijack();
    this.#raw.on("error", () => this.#raw.destroy());
    this.#raw.writeHead(200, { ...reply.getHeaders(), ...HEADERS } as Record<string, string>);
    // Some browsers do not tell the page that the stream is open until something of the body is there.
    this.signOfLife();
  }

  /** Calls `listener` when the connection is gone or the answer has been sent, whichever is first. */
  whenClosed(listener: () => void): void {
    if (this.#raw.closed) listener();
    else this.#raw.once("close", listener);
  }

  signOfLife(): void {
    this.#write(COMMENT);
  }

  next(result: ExecutionResult): void {
    this.#write(print<false, "next">({ event: "next", data: result as StreamData<"next"> }));
  }

  /** Says that no more will come, and ends. */
  complete(): void {
    this.#write(print({ event: "complete", data: null }));
    if (!this.#raw.destroyed) this.#raw.end();
  }

  /**
   * Ends without saying that the operation is complete: it is not, and the client does well to come back. A closing
   * HTTP server does not wait until what was ended has been read.
   */
  end(): void {
    if (!this.#raw.writableEnded && !this.#raw.destroyed) this.#raw.end();
  }

  /** Never waits for the client: what it does not read is bounded here, and not by holding up the source. */
  #write(text: string): void {
    if (this.#raw.writableEnded || this.#raw.destroyed) return;
    if (this.#raw.writableLength > this.#unreadBytesMax) {
      this.#raw.destroy();
      this.#onTooSlow();
      return;
    }
    this.#raw.write(text);
  }
}
