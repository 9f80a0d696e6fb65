import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest, onSendHookHandler } from "fastify";

/**
 * How an answer may be kept: by the one who asked, who has to ask each time whether it still holds. Answers are of one
 * caller, and any of them may change at any time.
 */
export const REVALIDATED = "private, no-cache";

/** What else an answer to one address depends on. */
const VARYING = "Accept, Authorization";

/**
 * Completes an answer's headers for caches. Nothing is stored unless the answer has said that it may be; that one gets
 * a tag of its content, and a caller who has it already is told so with 304 and no body.
 */
export const finishCaching: onSendHookHandler = (request, reply, payload, done) => {
  done(null, finished(request, reply, payload));
};

function finished(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method === "GET") reply.header("vary", [reply.getHeader("vary") ?? [], VARYING].flat().join(", "));
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  if (reply.getHeader("cache-control") !== REVALIDATED || typeof payload !== "string") return payload;
  const tag = tagOf(String(reply.getHeader("content-type")), payload);
  reply.header("etag", tag);
  if (!isKnown(tag, request.headers["if-none-match"])) return payload;
  reply.code(304).removeHeader("content-type");
  return null;
}

/** Equal for equal bytes of an equal type. */
function tagOf(contentType: string, body: string): string {
  return `"${createHash("sha256").update(`${contentType}\n${body}`).digest("base64url")}"`;
}

/** By the weak comparison, which RFC 9110 asks for here: a proxy that compresses may have marked the tag as weak. */
function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  const known = (ifNoneMatch ?? "").split(",").map((text) => text.trim().replace(/^W\//, ""));
  return known.includes(tag) || known.includes("*");
}
