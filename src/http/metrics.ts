import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Registry } from "prom-client";
import type { Secret } from "../domain/secret.js";
import { ClientNetworks } from "./client-address.js";
import { errorAnswer } from "./error-answer.js";
import { OwnHosts } from "./own-hosts.js";

/** Who is shown the metrics: whoever has the token, who asks from this machine itself, or anybody. */
export type MetricsReaders =
  | { readonly kind: "bearers"; readonly token: Secret<string> }
  | { readonly kind: "this_machine" }
  | { readonly kind: "anybody" };

/** What proxies add; any of them means that it is not the peer who asks. */
const OF_PROXIES = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
const THIS_MACHINE = new ClientNetworks(["127.0.0.0/8", "::1/128"]);
const ITS_NAMES = new OwnHosts(null);

/** Serves `/metrics` to those who may see them. */
export function registerMetrics(server: FastifyInstance, metrics: Registry, readers: MetricsReaders): void {
  server.get("/metrics", async (request, reply) => {
    if (readers.kind === "bearers" && !isBearer(request, readers.token)) {
      reply.code(401).header("www-authenticate", "Bearer");
      return reply.send(
        errorAnswer("UNAUTHENTICATED", "Send the token of METRICS_TOKEN as a bearer token.", request.id),
      );
    }
    if (readers.kind === "this_machine" && !isOfThisMachine(request)) {
      reply.callNotFound();
      return reply;
    }
    return reply
      .header("cache-control", "no-store")
      .type(metrics.contentType)
      .send(await metrics.metrics());
  });
}

/** Compares digests, so that neither the length nor the first difference shows in the time taken. */
function isBearer({ headers }: FastifyRequest, token: Secret<string>): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token.reveal()}`));
}

/** By connection and by name: a proxy on this machine speaks for others, and so does a page whose name leads here. */
function isOfThisMachine({ raw, headers }: FastifyRequest): boolean {
  const isForwarded = OF_PROXIES.some((name) => headers[name] !== undefined);
  return !isForwarded && THIS_MACHINE.has(raw.socket.remoteAddress ?? "") && ITS_NAMES.has(headers.host);
}
