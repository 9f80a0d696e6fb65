import { subscribe } from "node:diagnostics_channel";
import type { FastifyInstance, FastifyReply } from "fastify";
import { afterAll, expect, inject } from "vitest";
import { WebSocket } from "ws";
import { errorsOf, OutputWatch } from "./output-watch.js";

const folder = inject("findingsDir") as string | undefined;
const watch = folder === undefined ? null : new OutputWatch(folder, () => expect.getState().testPath ?? "a test");

if (watch) {
  /** Answers that hold an error, and all of the metrics; what a card's owner is shown is no error. */
  const take = (text: unknown, isMetrics = false): void => {
    if (typeof text !== "string") return;
    const shown = isMetrics ? text : errorsOf(text);
    if (shown !== "") watch.take(isMetrics ? "metrics" : "error", shown);
  };
  const watchStream = (reply: FastifyReply): void => {
    const write = reply.raw.write.bind(reply.raw) as (...parts: unknown[]) => boolean;
    reply.raw.write = ((chunk: unknown, ...rest: unknown[]) => {
      for (const [, data] of String(chunk).matchAll(/^data: (.+)$/gm)) take(data);
      return write(chunk, ...rest);
    }) as typeof reply.raw.write;
  };
  // Every server that is built in this process says so; nothing of the servers themselves is changed for it.
  subscribe("fastify.initialization", (message) => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook("onRequest", async (request, reply) => {
      if (request.headers.accept?.includes("text/event-stream")) watchStream(reply);
    });
    fastify.addHook("onSend", async (request, _reply, payload) => {
      take(payload, request.url.startsWith("/metrics"));
      return payload;
    });
  });
  const send = WebSocket.prototype.send as (this: WebSocket, ...parts: unknown[]) => void;
  WebSocket.prototype.send = function (this: WebSocket, ...parts: unknown[]) {
    take(String(parts[0]));
    return send.apply(this, parts);
  } as typeof WebSocket.prototype.send;
  afterAll(() => watch.look());
}

/** Lets the lines that a server logs be looked through with everything else. */
export function watchLog(text: string): void {
  watch?.take("log", text);
}

/** Looks through what was taken so far; at the end of a file that is done by itself. */
export function lookThrough(): void {
  watch?.look();
}
