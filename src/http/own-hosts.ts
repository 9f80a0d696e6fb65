import type { FastifyInstance } from "fastify";
import { errorAnswer } from "./error-answer.js";

/** What a caller is told who asks for a host that is not this server. */
export const FOREIGN_HOST = {
  status: 421,
  code: "MISDIRECTED_REQUEST",
  message: "Host is none of this server's names: loopback, or the host of PUBLIC_URL.",
} as const;

/** A host with or without a port, and nothing that would read as anything else within an address. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Whether a host's name or address never leaves the machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return bare === "localhost" || bare === "::1" || /^127(\.\d{1,3}){3}$/.test(bare);
}

/**
 * The names that a server goes by which asks nobody who they are. A web page can have its own name lead to loopback and
 * then speaks to this server as if it were the page's own; but the browser still says the page's name in `Host`.
 */
export class OwnHosts {
  readonly #publicHost: string | null;
  /** The last header that named this server: nearly every request has the same. */
  #lastOwn: string | null = null;

  /** `publicUrl` is how providers reach this server, if they do so by another name than the one it listens on. */
  constructor(publicUrl: string | null) {
    this.#publicHost = publicUrl === null ? null : new URL(publicUrl).hostname;
  }

  /** Whether a `Host` header names this server; the port is not looked at. */
  has(header: string | undefined): boolean {
    if (header === undefined) return false;
    if (header === this.#lastOwn) return true;
    if (!HOST.test(header) || !URL.canParse(`http://${header}`)) return false;
    const { hostname } = new URL(`http://${header}`);
    const isOwn = hostname === this.#publicHost || isLoopback(hostname);
    if (isOwn) this.#lastOwn = header;
    return isOwn;
  }
}

/** Refuses every request to another host, whatever it asks for. */
export function refuseForeignHosts(server: FastifyInstance, hosts: OwnHosts): void {
  server.addHook("onRequest", (request, reply, done) => {
    if (hosts.has(request.headers.host)) return done();
    const { status, code, message } = FOREIGN_HOST;
    reply.code(status).send(errorAnswer(code, message, request.id));
  });
}
