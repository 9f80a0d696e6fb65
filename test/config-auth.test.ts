import { describe, expect, it } from "vitest";
import type { Environment } from "../src/domain/registration.js";
import { faults, names, PAGSMILE, PREPAIDIFY, read } from "./support/environment.js";

describe("authentication", () => {
  const OPEN = { HOST: "0.0.0.0" };

  it.each<readonly [string, Environment, string]>([
    ["every provider is a sandbox, on loopback", {}, "none"],
    ["every provider is a sandbox, on every interface", OPEN, "none"],
    ["every provider is a sandbox, and it is said", { ...OPEN, AUTH: "none" }, "none"],
    ["an account is real, and none is said, on 127.0.0.1", { ...PREPAIDIFY, AUTH: "none" }, "none"],
    ["an account is real, and none is said, on 127.9.9.9", { ...PREPAIDIFY, AUTH: "none", HOST: "127.9.9.9" }, "none"],
    ["an account is real, and none is said, on ::1", { ...PREPAIDIFY, AUTH: "none", HOST: "::1" }, "none"],
    ["an account is real, and none is said, on localhost", { ...PREPAIDIFY, AUTH: "none", HOST: "localhost" }, "none"],
    ["an account is real, and nothing is said", PREPAIDIFY, "is required"],
    ["an account is real, and none is said, on 0.0.0.0", { ...PREPAIDIFY, ...OPEN, AUTH: "none" }, "none is refused"],
    ["an account is real, and none is said, on ::", { ...PREPAIDIFY, HOST: "::", AUTH: "none" }, "none is refused"],
    ["an account is real, on a name", { ...PAGSMILE, HOST: "127.0.0.1.example", AUTH: "none" }, "none is refused"],
    ["keys is said", { AUTH: "keys" }, "none"],
    ["keys is said with a real account, on every interface", { ...PREPAIDIFY, ...OPEN, AUTH: "keys" }, "none"],
    ["something else is said", { AUTH: "open" }, "must be one of none, keys, jwt"],
  ])("when %s: %s", (_name, env, outcome) => {
    if (outcome === "none") return void expect(() => read(env)).not.toThrow();
    expect(faults(env).faults).toEqual([{ name: "AUTH", rule: expect.stringContaining(outcome) }]);
  });

  const JWT = {
    AUTH: "jwt",
    JWT_JWKS_URL: "https://issuer.example/keys",
    JWT_ISSUER: "https://issuer.example/",
    JWT_AUDIENCE: "cardgraph",
  };

  it("by tokens needs an issuer, an audience and keys; the rest has defaults", () => {
    expect(names({ AUTH: "jwt" })).toEqual(["JWT_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"]);
    expect(read({ ...PREPAIDIFY, ...OPEN, ...JWT }).auth).toEqual({
      kind: "jwt",
      rules: {
        jwksUrl: JWT.JWT_JWKS_URL,
        issuer: JWT.JWT_ISSUER,
        audience: "cardgraph",
        algorithms: ["RS256", "ES256", "EdDSA"],
        clockToleranceMs: 5_000,
        tenantClaim: "tenant",
        scopeClaim: "scope",
      },
    });
  });

  it.each([
    ["JWT_ALGORITHMS", "HS256"],
    ["JWT_ALGORITHMS", "RS256,none"],
    ["JWT_JWKS_URL", "http://issuer.example/keys"],
    ["JWT_CLOCK_TOLERANCE_MS", "300001"],
  ])("refuses %s=%s", (name, value) => {
    expect(names({ ...JWT, [name]: value })).toEqual([name]);
  });

  it("may read the issuer's keys over plain http on loopback alone", () => {
    expect(() => read({ ...JWT, JWT_JWKS_URL: "http://127.0.0.1:9000/keys" })).not.toThrow();
  });
});
