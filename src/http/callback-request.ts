import type { FastifyRequest } from "fastify";
import { z } from "zod";

/** Shortest and longest time between two heartbeats that a router may ask for. */
const HEARTBEAT_MS = { min: 500, max: 3_600_000 };

/**
 * What a router says of itself in `extensions.subscription`. Source: HTTP Callback Protocol for GraphQL Subscriptions,
 * Apollo, `callback/1.0`.
 */
const CALLBACK = z.object({
  callbackUrl: z.string().max(2_000),
  subscriptionId: z.string().min(1).max(200),
  verifier: z.string().max(2_000),
  heartbeatIntervalMs: z.union([z.literal(0), z.int().min(HEARTBEAT_MS.min).max(HEARTBEAT_MS.max)]).default(5_000),
});

/** Where a subscription is to be sent, under which name, and how often the router wants a sign of life; 0: never. */
export type CallbackRequest = z.infer<typeof CALLBACK>;

/** What is told of a {@link CallbackRequest} that is none. */
export const NOT_A_CALLBACK =
  "extensions.subscription must have callbackUrl, subscriptionId, verifier, and heartbeatIntervalMs, " +
  `which is 0 or from ${HEARTBEAT_MS.min} to ${HEARTBEAT_MS.max}.`;

/** Whether a request asks for its answers to be sent to an address. */
export function asksForCallback({ method, body }: FastifyRequest): boolean {
  const { extensions } = (body ?? {}) as { readonly extensions?: { readonly subscription?: unknown } | null };
  return method === "POST" && typeof extensions?.subscription === "object" && extensions.subscription !== null;
}

/** Null for what is none. */
export function readCallback(member: unknown): CallbackRequest | null {
  return CALLBACK.safeParse(member).data ?? null;
}
