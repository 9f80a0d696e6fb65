import type { IncomingHttpHeaders } from "node:http";
import { CloseCode, type WebSocket as ProtocolSocket } from "graphql-ws";
import type { RawData, WebSocket } from "ws";
import type { Identity } from "../domain/identity.js";

/** What a {@link LiveSocket} is built from. */
export interface LiveSocketParts {
  readonly socket: WebSocket;
  readonly headers: IncomingHttpHeaders;
  /** What of its address the client is counted by. */
  readonly client: string;
  readonly unreadBytesMax: number;
  /** Told once when the client's slowness or silence ends the connection. */
  readonly onEnded: (reason: "slow_reader" | "unresponsive") => void;
  /** Told what a message made go wrong on this server. */
  readonly onFault: (error: unknown) => void;
}

/** How long a client may take to answer the end of its connection. */
const CLOSE_TIMEOUT_MS = 2_000;
/** What a close frame has room for. */
const REASON_BYTES_MAX = 123;
/** The close code of a server that goes away. */
const GOING_AWAY = 1001;

/** One WebSocket: what may wait in it, whether its client still lives, and how it goes away. */
export class LiveSocket implements ProtocolSocket {
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  readonly client: string;
  /** Who it is, once they have said so. */
  identity: Identity | null = null;
  /** Ids of operations under way. */
  readonly operations = new Set<string>();
  readonly #parts: LiveSocketParts;
  /** Operations that answer once and have not yet. */
  #answering = 0;
  #leaving = false;
  #alive = true;

  constructor(parts: LiveSocketParts) {
    this.#parts = parts;
    this.protocol = parts.socket.protocol;
    this.headers = parts.headers;
    this.client = parts.client;
    parts.socket.on("pong", () => {
      this.#alive = true;
    });
    // A client that breaks the rules of WebSockets is closed by ws, with the code for it; there is nothing to add.
    parts.socket.on("error", () => {});
  }

  /** Never waits for the client: what it does not read is bounded here, and not by holding up the source. */
  send(text: string): void {
    const { socket, unreadBytesMax } = this.#parts;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > unreadBytesMax) this.#giveUp("slow_reader");
    else socket.send(text);
  }

  close(code?: number, reason = ""): void {
    const { socket } = this.#parts;
    if (socket.readyState !== socket.OPEN) return;
    // A reason may hold an id of the client's, of any length.
    socket.close(code, Buffer.byteLength(reason) > REASON_BYTES_MAX ? "" : reason);
    const giveUp = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once("close", () => clearTimeout(giveUp));
  }

  onMessage(listener: (text: string) => Promise<void>): void {
    const { socket, onFault } = this.#parts;
    socket.on("message", (data: RawData, isBinary: boolean) => {
      // ws goes on reading while it closes.
      if (this.#leaving || socket.readyState !== socket.OPEN) return;
      if (isBinary) return this.close(CloseCode.BadRequest, "Invalid message received");
      listener(data.toString()).catch((error: unknown) => {
        onFault(error);
        this.close(CloseCode.InternalServerError, "Internal server error");
      });
    });
  }

  /** Asks for a sign of life; ends the connection when the last one was not answered. */
  ping(): void {
    const { socket } = this.#parts;
    if (socket.readyState !== socket.OPEN) return;
    if (this.#alive) socket.ping();
    else this.#giveUp("unresponsive");
    this.#alive = false;
  }

  /** Runs what answers once; a socket that goes away waits for the answer to be sent. */
  async answering<Result>(run: () => Promise<Result>): Promise<Result> {
    this.#answering += 1;
    try {
      return await run();
    } finally {
      // By then the answer has been handed to the socket.
      setImmediate(() => {
        this.#answering -= 1;
        if (this.#leaving) this.goAway();
      });
    }
  }

  /** Takes no more messages, and closes as soon as no answer is outstanding. */
  goAway(): void {
    this.#leaving = true;
    if (this.#answering === 0) this.close(GOING_AWAY, "Going away");
  }

  #giveUp(reason: "slow_reader" | "unresponsive"): void {
    this.#parts.socket.terminate();
    this.#parts.onEnded(reason);
  }
}
