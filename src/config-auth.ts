import { JWT_ALGORITHMS, type JwtRules } from "./auth/jwt-tokens.js";
import type { EnvironmentReader } from "./environment.js";
import { isLoopback } from "./http/own-hosts.js";

/** How callers are told apart. */
export type AuthConfig =
  | { readonly kind: "none" }
  | { readonly kind: "keys" }
  | { readonly kind: "jwt"; readonly rules: JwtRules };

/** Nobody may spend real money through an open door: `none` is for loopback and for sandboxes. */
export function readAuth(reader: EnvironmentReader, host: string, allSandbox: boolean): AuthConfig {
  const kind = reader.choice("AUTH", ["none", "keys", "jwt"], "none");
  if (!reader.env.AUTH && !allSandbox) {
    reader.fault("AUTH", "is required once a provider has a real account: keys, jwt, or none on loopback");
  }
  if (reader.env.AUTH === "none" && !allSandbox && !isLoopback(host)) {
    reader.fault("AUTH", "none is refused: HOST is not loopback and a provider has a real account");
  }
  return kind === "jwt" ? { kind, rules: readJwtRules(reader) } : { kind };
}

function readJwtRules(reader: EnvironmentReader): JwtRules {
  const why = "with AUTH=jwt";
  const isAlgorithm = (text: string): boolean => JWT_ALGORITHMS.some((algorithm) => algorithm === text);
  const algorithms = reader.list("JWT_ALGORITHMS", isAlgorithm, `must be of ${JWT_ALGORITHMS.join(", ")}`);
  const jwksUrl = reader.required("JWT_JWKS_URL", why) && (reader.url("JWT_JWKS_URL") ?? "");
  if (jwksUrl && !jwksUrl.startsWith("https:") && !isLoopback(new URL(jwksUrl).hostname)) {
    reader.fault("JWT_JWKS_URL", "must be an https address, or lead to loopback");
  }
  return {
    jwksUrl,
    issuer: reader.required("JWT_ISSUER", why),
    audience: reader.required("JWT_AUDIENCE", why),
    algorithms: algorithms.length > 0 ? algorithms : ["RS256", "ES256", "EdDSA"],
    clockToleranceMs: reader.integer("JWT_CLOCK_TOLERANCE_MS", 5_000, 0, 300_000),
    tenantClaim: reader.text("JWT_TENANT_CLAIM", "tenant"),
    scopeClaim: reader.text("JWT_SCOPE_CLAIM", "scope"),
  };
}
