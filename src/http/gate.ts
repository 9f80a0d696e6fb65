import {
  type Authenticator,
  type Identity,
  IdentityUnavailable,
  Unauthenticated,
  type UnauthenticatedReason,
} from "../domain/identity.js";
import type { Journal } from "../domain/journal.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import { OperationRate } from "./operation-rate.js";
import { RefusedCallers } from "./refused-callers.js";

/** What a caller is told who is not let in. */
export interface Rejection {
  readonly status: 401 | 429 | 503;
  readonly code: "UNAUTHENTICATED" | "TOO_MANY_REQUESTS" | "SERVICE_UNAVAILABLE";
  readonly message: string;
  /** When it makes sense to come back; absent: no time is known. */
  readonly retryAfterSeconds?: number;
}

const MESSAGES: Readonly<Record<UnauthenticatedReason, string>> = {
  missing: "Say who you are: send an Authorization header with a bearer token.",
  invalid: "The bearer token is not valid here.",
  expired: "The bearer token is no longer valid.",
};
const AWAY = "Callers cannot be told apart just now. Send the same request again.";

const TOO_OFTEN = "Your tenant has sent as many operations as it may in a minute. This one was not carried out.";
const TOO_OFTEN_REFUSED = "Too many bearer tokens that are not valid here came from this address.";

/** What somebody is told whose token ends while they follow something. */
export const ENDED: Rejection = { status: 401, code: "UNAUTHENTICATED", message: MESSAGES.expired };

/** The way into GraphQL, the same for every transport. */
export class Gate {
  readonly #authenticator: Authenticator;
  readonly #journal: Journal;
  readonly #rate: OperationRate;
  readonly #refused = new RefusedCallers();

  /** `operationsPerMinute` is each tenant's; 0: any number. */
  constructor(authenticator: Authenticator, journal: Journal, operationsPerMinute: number) {
    this.#authenticator = authenticator;
    this.#journal = journal;
    this.#rate = new OperationRate(operationsPerMinute);
  }

  /**
   * Who comes with this `Authorization` header, or why they are not let in; `client` is what their address is counted
   * by. Throws what is a fault of this server.
   */
  async admit(authorization: string | undefined, client: string): Promise<Identity | Rejection> {
    const wait = authorization === undefined ? null : await this.#refused.waitSeconds(client, authorization);
    if (wait !== null) return this.#tooMany("address_blocked", TOO_OFTEN_REFUSED, wait);
    try {
      const identity = await this.#authenticator.authenticate(authorization);
      if (authorization !== undefined) this.#refused.welcomed(authorization);
      return identity;
    } catch (error) {
      if (error instanceof Unauthenticated) {
        if (authorization !== undefined) await this.#refused.refused(client);
        this.#journal.record({ event: "caller_refused", outcome: error.reason });
        return { status: 401, code: "UNAUTHENTICATED", message: MESSAGES[error.reason] };
      }
      if (!(error instanceof IdentityUnavailable || error instanceof StoreUnavailable)) throw error;
      this.#journal.record({ event: "caller_refused", outcome: "unavailable" });
      return { status: 503, code: "SERVICE_UNAVAILABLE", message: AWAY };
    }
  }

  /** Counts one operation of somebody who has been let in; why it is not carried out, or null. */
  async begin({ tenant }: Identity): Promise<Rejection | null> {
    const wait = await this.#rate.waitSeconds(tenant);
    return wait === null ? null : this.#tooMany("rate_limited", TOO_OFTEN, wait);
  }

  #tooMany(outcome: "address_blocked" | "rate_limited", why: string, retryAfterSeconds: number): Rejection {
    this.#journal.record({ event: "caller_refused", outcome });
    const message = `${why} Come back in ${retryAfterSeconds} s.`;
    return { status: 429, code: "TOO_MANY_REQUESTS", message, retryAfterSeconds };
  }
}
