import type { FastifyRequest } from "fastify";
import type { Journal } from "../domain/journal.js";
import type { Caller, Executor, GraphqlContext } from "./executor.js";
import type { LiveLimits, LiveSlots } from "./live-slots.js";

/** What the transports beside Apollo Server are built from. */
export interface LiveParts<Context extends GraphqlContext> {
  readonly executor: Executor<Context>;
  /** Operations under way, of every transport together. */
  readonly operations: LiveSlots;
  readonly limits: LiveLimits;
  readonly journal: Journal;
}

/** What those of them are built from that come as plain requests. */
export interface RequestParts<Context extends GraphqlContext> extends LiveParts<Context> {
  /** Who comes with a request that has been let in. */
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/** What a client is told that has too much open, or comes when the server has. */
export const TOO_MANY = "Too many operations are under way. End some, or come back later.";
