import type { ExecutionResult } from "graphql";
import type { CallbackRequest } from "./callback-request.js";
import type { PresentedError } from "./presented-error.js";

/** The version of the protocol that is spoken, as both sides say it in every message. */
export const CALLBACK_PROTOCOL = { "subscription-protocol": "callback/1.0" } as const;

/** What became of a message: the router has it, has no such subscription any more, or anything else. */
export type CallOutcome = "taken" | "ended" | "failed";

type Message =
  | { readonly action: "check" }
  | { readonly action: "next"; readonly payload: ExecutionResult }
  | { readonly action: "complete"; readonly errors?: readonly PresentedError[] };

/**
 * The router's end of one subscription. A message is sent once: without repetition, since a router would pass on twice
 * what comes twice, without redirect, since only this address was allowed, and in a bounded time. Nothing throws.
 */
export class CallbackEndpoint {
  readonly #url: string;
  readonly #names: { readonly id: string; readonly verifier: string };
  readonly #deadlineMs: number;
  #underWay = new AbortController();

  constructor(url: string, { subscriptionId: id, verifier }: CallbackRequest, deadlineMs: number) {
    this.#url = url;
    this.#names = { id, verifier };
    this.#deadlineMs = deadlineMs;
  }

  /** Asks whether the router knows the subscription; by the protocol only 204 says so. */
  async check(): Promise<CallOutcome> {
    return outcomeOf(await this.#post({ action: "check" }), 204);
  }

  async next(payload: ExecutionResult): Promise<CallOutcome> {
    return outcomeOf(await this.#post({ action: "next", payload }));
  }

  /** Says that no more will come; with errors, that there would have been more. */
  async complete(errors: readonly PresentedError[] = []): Promise<CallOutcome> {
    return outcomeOf(await this.#post(errors.length > 0 ? { action: "complete", errors } : { action: "complete" }));
  }

  /** Ends the calls that are under way, as failed. */
  abort(): void {
    this.#underWay.abort();
    this.#underWay = new AbortController();
  }

  /** The status of the answer; null when there was none in time. */
  async #post(message: Message): Promise<number | null> {
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json", ...CALLBACK_PROTOCOL },
        body: JSON.stringify({ kind: "subscription", ...this.#names, ...message }),
        redirect: "manual",
        signal: AbortSignal.any([this.#underWay.signal, AbortSignal.timeout(this.#deadlineMs)]),
      });
      // Nobody needs the body, which may have no end.
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return null;
    }
  }
}

function outcomeOf(status: number | null, only?: number): CallOutcome {
  if (status === 404) return "ended";
  const taken = status !== null && (only === undefined ? status >= 200 && status < 300 : status === only);
  return taken ? "taken" : "failed";
}
