import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Clock } from "../domain/clock.js";
import {
  type Authenticator,
  type Identity,
  IdentityUnavailable,
  isTenant,
  Unauthenticated,
} from "../domain/identity.js";
import { isScope, type Scope } from "../domain/scope.js";
import { bearerToken } from "./bearer.js";

/** Signatures that can be checked with a public key. None of them can be forged by somebody who knows that key. */
export const JWT_ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
] as const;

/** Who issues the tokens, and what has to be in them. */
export interface JwtRules {
  /** Where the issuer's public keys are. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** How far the issuer's clock may be off. */
  readonly clockToleranceMs: number;
  /** The claim that names the tenant. */
  readonly tenantClaim: string;
  /** The claim that lists the scopes: a text with blanks between them, or a list. */
  readonly scopeClaim: string;
}

/** How long the issuer may take to show its keys. */
const JWKS_TIMEOUT_MS = 5_000;
/** How long keys are used before they are read again. */
const JWKS_MAX_AGE_MS = 600_000;
/** A token with an unknown key makes the keys be read anew, but no more often than this. */
const JWKS_COOLDOWN_MS = 10_000;
/** What can name somebody in a log and in the audit log, where it has to be readable. */
const SUBJECT = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/** Lets in who has a token of the issuer's for this audience. */
export class JwtTokens implements Authenticator {
  readonly #rules: JwtRules;
  readonly #clock: Clock;
  readonly #keys: JWTVerifyGetKey;

  constructor(rules: JwtRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#keys = createRemoteJWKSet(new URL(rules.jwksUrl), {
      timeoutDuration: JWKS_TIMEOUT_MS,
      cacheMaxAge: JWKS_MAX_AGE_MS,
      cooldownDuration: JWKS_COOLDOWN_MS,
    });
  }

  async authenticate(authorization: string | undefined): Promise<Identity> {
    const payload = await this.#verify(bearerToken(authorization));
    const { tenantClaim, scopeClaim } = this.#rules;
    const [tenant, subject, { exp }] = [payload[tenantClaim], payload.sub, payload];
    if (typeof tenant !== "string" || !isTenant(tenant)) throw new Unauthenticated("invalid");
    if (typeof subject !== "string" || !SUBJECT.test(subject)) throw new Unauthenticated("invalid");
    // Required of every token, so it is there.
    const expiresAt = new Date((exp ?? 0) * 1_000 + this.#rules.clockToleranceMs);
    // A number that is no moment, however large, would never end anything.
    if (Number.isNaN(expiresAt.getTime())) throw new Unauthenticated("invalid");
    return { tenant, subject: `jwt:${subject}`, scopes: scopesOf(payload[scopeClaim]), expiresAt };
  }

  async #verify(token: string): Promise<JWTPayload> {
    const { issuer, audience, algorithms, clockToleranceMs } = this.#rules;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: clockToleranceMs / 1_000,
        requiredClaims: ["exp", "sub"],
        currentDate: this.#clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new Unauthenticated("expired");
      if (isTheTokensFault(error)) throw new Unauthenticated("invalid");
      throw new IdentityUnavailable();
    }
  }
}

/** What is not wrong with the token is wrong with the issuer's keys: they cannot be read, or make no sense. */
function isTheTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}

/** Scopes of other servers may stand beside ours. */
function scopesOf(claim: unknown): ReadonlySet<Scope> {
  const names: readonly unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return new Set(names.filter((name): name is Scope => typeof name === "string" && isScope(name)));
}
