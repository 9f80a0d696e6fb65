import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Puts the request's id into errors that have none yet: those of a request that Apollo Server refuses before it reads
 * an operation out of it, such as a batch. Nothing but refusals is looked into.
 */
export async function nameRequest(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode < 400 || typeof payload !== "string") return payload;
  const answer = read(payload);
  if (!Array.isArray(answer?.errors)) return payload;
  const errors = answer.errors.map((error) => ({
    ...error,
    extensions: { ...error?.extensions, requestId: request.id },
  }));
  return JSON.stringify({ ...answer, errors });
}

function read(text: string): { readonly errors?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
