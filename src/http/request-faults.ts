import type { onSendHookHandler } from "fastify";

/**
 * Puts the request's id into errors that have none yet: those of a request that Apollo Server refuses before it reads
 * an operation out of it, such as a batch. Nothing but refusals is looked into.
 */
export const nameRequest: onSendHookHandler = (request, reply, payload, done) => {
  if (reply.statusCode < 400 || typeof payload !== "string") return done(null, payload);
  const answer = read(payload);
  if (!Array.isArray(answer?.errors)) return done(null, payload);
  const errors = answer.errors.map((error) => ({
    ...error,
    extensions: { ...error?.extensions, requestId: request.id },
  }));
  done(null, JSON.stringify({ ...answer, errors }));
};

function read(text: string): { readonly errors?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
