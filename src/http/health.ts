import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";

/** What the operations routes are built from. */
export interface HealthOptions {
  /** Throws when the server cannot do its work. */
  readonly checkReady: () => Promise<void>;
  readonly metrics: Registry;
}

/** Serves `/health/live`, `/health/ready` and `/metrics`. */
export function registerHealth(server: FastifyInstance, { checkReady, metrics }: HealthOptions): void {
  server.get("/health/live", async () => ({ status: "live" }));
  server.get("/health/ready", async (_request, reply) => {
    try {
      await checkReady();
      return { status: "ready" };
    } catch {
      return reply.code(503).send({ status: "not ready" });
    }
  });
  server.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
