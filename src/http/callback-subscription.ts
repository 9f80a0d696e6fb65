import type { CallbackEndpoint, CallOutcome } from "./callback-endpoint.js";
import type { PresentedError } from "./presented-error.js";
import type { ResponseStream } from "./response-stream.js";

/** What a {@link CallbackSubscription} is built from. */
export interface CallbackSubscriptionParts {
  readonly endpoint: CallbackEndpoint;
  readonly responses: ResponseStream;
  /** Between two signs of life. */
  readonly heartbeatMs: number;
  /** Says as an error why the subscription ends although there would be more. */
  readonly unavailable: (why: string) => PresentedError;
  /** Told once when the router could not be reached or refused a message. */
  readonly onFailed: () => void;
  /** Told once when the subscription has ended and nothing of it is left. */
  readonly onEnded: () => void;
}

const GAP = "An event could not be handed to callbackUrl. Subscribe again.";

/** Sends one subscription to a router, event by event in their order, with signs of life beside them. */
export class CallbackSubscription {
  readonly #parts: CallbackSubscriptionParts;
  #heartbeat: NodeJS.Timeout | undefined;
  #beating = false;
  #ending: Promise<void> | null = null;

  constructor(parts: CallbackSubscriptionParts) {
    this.#parts = parts;
  }

  /** Begins to send; for once the router has been told that it is subscribed. */
  start(): void {
    if (this.#ending) return;
    this.#heartbeat = setInterval(() => void this.#beat(), this.#parts.heartbeatMs).unref();
    void this.#send();
  }

  /** Ends the subscription although there would be more. Resolves when the router has been told. */
  stop(why: string): Promise<void> {
    const { endpoint, unavailable } = this.#parts;
    return this.#end(() => endpoint.complete([unavailable(why)]));
  }

  async #send(): Promise<void> {
    const { responses, endpoint } = this.#parts;
    try {
      for await (const response of responses) {
        const outcome = await endpoint.next(response);
        if (outcome !== "taken") return await this.#giveUp(outcome);
      }
      await this.#end(() => endpoint.complete());
    } catch (error) {
      // A stream throws nothing that is not presented.
      await this.#end(() => endpoint.complete([error as PresentedError]));
    }
  }

  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    const { endpoint } = this.#parts;
    const first = await endpoint.check();
    // One that was lost on its way is not the end of a router, and asking twice does no harm.
    const outcome = first === "failed" && !this.#ending ? await endpoint.check() : first;
    this.#beating = false;
    if (outcome !== "taken") await this.#giveUp(outcome);
  }

  /** A router that does not take a message may be back at once: it is told, and its client can subscribe again. */
  #giveUp(outcome: CallOutcome): Promise<void> {
    const { endpoint, unavailable, onFailed } = this.#parts;
    return this.#end(async () => {
      if (outcome === "ended") return;
      onFailed();
      await endpoint.complete([unavailable(GAP)]);
    });
  }

  /** Whoever comes first decides how it ends. */
  #end(tell: () => Promise<unknown>): Promise<void> {
    this.#ending ??= this.#finish(tell);
    return this.#ending;
  }

  async #finish(tell: () => Promise<unknown>): Promise<void> {
    const { endpoint, responses, onEnded } = this.#parts;
    clearInterval(this.#heartbeat);
    void responses.return();
    endpoint.abort();
    await tell();
    onEnded();
  }
}
