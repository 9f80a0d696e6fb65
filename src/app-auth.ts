import { ApiKeys } from "./auth/api-keys.js";
import { JwtTokens } from "./auth/jwt-tokens.js";
import { OpenDoor } from "./auth/open-door.js";
import type { AuthConfig } from "./config-auth.js";
import type { ApiKeyStore } from "./domain/api-key.js";
import type { Clock } from "./domain/clock.js";
import type { Authenticator } from "./domain/identity.js";

/** Whoever finds out who is calling, as the configuration says: a part of `app.ts` in a file of its own. */
export function authenticatorOf(auth: AuthConfig, keys: ApiKeyStore, clock: Clock): Authenticator {
  switch (auth.kind) {
    case "none":
      return new OpenDoor();
    case "keys":
      return new ApiKeys(keys, clock);
    case "jwt":
      return new JwtTokens(auth.rules, clock);
  }
}
