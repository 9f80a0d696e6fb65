import type { FastifyInstance } from "fastify";

/** What the operations routes are built from. */
export interface HealthOptions {
  /** Throws when the server cannot do its work. */
  readonly checkReady: () => Promise<void>;
}

/** Serves `/health/live` and `/health/ready`, which say that it is so, or not, and no more. */
export function registerHealth(server: FastifyInstance, { checkReady }: HealthOptions): void {
  server.get("/health/live", async () => ({ status: "live" }));
  server.get("/health/ready", async (_request, reply) => {
    try {
      await checkReady();
      return { status: "ready" };
    } catch {
      return reply.code(503).send({ status: "not ready" });
    }
  });
}
