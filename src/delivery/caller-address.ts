import type { CallerAddressPolicy } from "../domain/delivery.js";
import { type UserError, userError } from "../domain/user-error.js";
import { type AddressRefusal, type AddressRules, literalOf } from "./public-address.js";
import type { ResolveName } from "./resolve-name.js";

/** Bound on the look-up of a name while a caller waits, in milliseconds. */
const LOOKUP_MS = 1_000;

const FIELD = { field: ["callbackUrl"] } as const;

/** What a caller is told, by the rule that its address breaks. */
const REFUSALS: Readonly<Record<AddressRefusal, UserError>> = {
  "not https": userError("INVALID_INPUT", "callbackUrl must begin with https:// and hold no credentials", FIELD),
  "internal name": userError(
    "INVALID_INPUT",
    "callbackUrl must name a public host, not a local or internal one",
    FIELD,
  ),
  "not public": userError(
    "INVALID_INPUT",
    "callbackUrl must lead to public addresses only, not to private or reserved ones",
    FIELD,
  ),
};

const UNSIGNED = userError(
  "INVALID_INPUT",
  "callbackUrl must be left out: this server has no CALLBACK_SIGNING_SECRETS, so it cannot sign events",
  FIELD,
);

/** Checks a caller's address while it orders, so that a mistake is told at once. */
export class PublicCallerAddress implements CallerAddressPolicy {
  readonly #rules: AddressRules;
  readonly #resolve: ResolveName;

  constructor(rules: AddressRules, resolve: ResolveName) {
    this.#rules = rules;
    this.#resolve = resolve;
  }

  /** A name that cannot be looked up in a second passes: it is checked again whenever something is sent. */
  async check(url: string): Promise<UserError | null> {
    const refusal = this.#rules.refusalOf(url);
    if (refusal) return REFUSALS[refusal];
    const parsed = new URL(url);
    if (literalOf(parsed) !== null) return null;
    const addresses = await this.#resolve(parsed.hostname, AbortSignal.timeout(LOOKUP_MS)).catch(() => []);
    return addresses.every((address) => this.#rules.allows(address)) ? null : REFUSALS["not public"];
  }
}

/** For a server that has nothing to sign with: nobody is promised events that would never come. */
export class NoCallerAddress implements CallerAddressPolicy {
  async check(): Promise<UserError | null> {
    return UNSIGNED;
  }
}
