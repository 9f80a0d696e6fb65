import {
  type Authenticator,
  type Identity,
  IdentityUnavailable,
  Unauthenticated,
  type UnauthenticatedReason,
} from "../domain/identity.js";
import type { Journal } from "../domain/journal.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";

/** What a caller is told who is not let in. */
export interface Rejection {
  readonly status: 401 | 503;
  readonly code: "UNAUTHENTICATED" | "SERVICE_UNAVAILABLE";
  readonly message: string;
}

const MESSAGES: Readonly<Record<UnauthenticatedReason, string>> = {
  missing: "Say who you are: send an Authorization header with a bearer token.",
  invalid: "The bearer token is not valid here.",
  expired: "The bearer token is no longer valid.",
};
const AWAY = "Callers cannot be told apart just now. Send the same request again.";

/** What somebody is told whose token ends while they follow something. */
export const ENDED: Rejection = { status: 401, code: "UNAUTHENTICATED", message: MESSAGES.expired };

/** The way into GraphQL, the same for every transport. */
export class Gate {
  readonly #authenticator: Authenticator;
  readonly #journal: Journal;

  constructor(authenticator: Authenticator, journal: Journal) {
    this.#authenticator = authenticator;
    this.#journal = journal;
  }

  /** Who comes with this `Authorization` header, or why they are not let in. Throws what is a fault of this server. */
  async admit(authorization: string | undefined): Promise<Identity | Rejection> {
    try {
      return await this.#authenticator.authenticate(authorization);
    } catch (error) {
      if (error instanceof Unauthenticated) {
        this.#journal.record({ event: "caller_refused", outcome: error.reason });
        return { status: 401, code: "UNAUTHENTICATED", message: MESSAGES[error.reason] };
      }
      if (!(error instanceof IdentityUnavailable || error instanceof StoreUnavailable)) throw error;
      this.#journal.record({ event: "caller_refused", outcome: "unavailable" });
      return { status: 503, code: "SERVICE_UNAVAILABLE", message: AWAY };
    }
  }
}
