import { SCOPES, type Scope } from "./scope.js";

/** Who is calling, and what they may do. */
export interface Identity {
  /** Whose data they see and change. */
  readonly tenant: string;
  /** Names the key or the token's subject in logs and histories; no secret. */
  readonly subject: string;
  readonly scopes: ReadonlySet<Scope>;
  /** When it ends; null: by itself never. */
  readonly expiresAt: Date | null;
}

/** Who asks a service for something: whose data it is about, and what they may do. */
export type Caller = Pick<Identity, "tenant" | "scopes">;

/** The tenant of a server that asks nobody who they are. */
export const ONLY_TENANT = "default";

/** Anybody, on a server that asks nobody who they are. */
export const ANYBODY: Identity = {
  tenant: ONLY_TENANT,
  subject: "anybody",
  scopes: new Set(SCOPES),
  expiresAt: null,
};

/** Finds out who is calling. */
export interface Authenticator {
  /**
   * Who calls with this `Authorization` header. Rejects with {@link Unauthenticated} when nobody may, and with
   * {@link IdentityUnavailable} when that cannot be found out just now.
   */
  authenticate(authorization: string | undefined): Promise<Identity>;
  /**
   * Whether what an identity was shown with has not been taken back since, for who keeps a connection open. Missing
   * where nothing can be taken back before it ends by itself.
   */
  stillHolds?(identity: Identity): Promise<boolean>;
}

/** Why a caller is nobody: nothing was sent, it is not valid, or it is no longer. */
export type UnauthenticatedReason = "missing" | "invalid" | "expired";

/** The caller could not show who they are. Holds nothing of what they sent. */
export class Unauthenticated extends Error {
  override readonly name = "Unauthenticated";
  readonly reason: UnauthenticatedReason;

  constructor(reason: UnauthenticatedReason) {
    super("the caller is not authenticated");
    this.reason = reason;
  }
}

/** Who is calling cannot be found out now: the keys to check tokens with cannot be read. */
export class IdentityUnavailable extends Error {
  override readonly name = "IdentityUnavailable";

  constructor() {
    super("callers cannot be authenticated just now");
  }
}

/** The caller is known, and may not do this. */
export class Forbidden extends Error {
  override readonly name = "Forbidden";
  readonly scope: Scope;

  constructor(scope: Scope) {
    super(`the caller lacks the scope ${scope}`);
    this.scope = scope;
  }
}

/** Throws {@link Forbidden} when the caller lacks the scope. */
export function demand({ scopes }: Pick<Caller, "scopes">, scope: Scope): void {
  if (!scopes.has(scope)) throw new Forbidden(scope);
}

const TENANT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a text can be a tenant's name: 1 to 64 letters, digits, dots, underscores and hyphens. */
export function isTenant(text: string): boolean {
  return TENANT.test(text);
}
