import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JwtRules, JwtTokens } from "../../src/auth/jwt-tokens.js";

const ISSUER = "https://issuer.example/";
const AUDIENCE = "cardgraph";
const NOW = new Date("2026-01-01T00:00:00Z");
const NOW_S = NOW.getTime() / 1_000;

/** The issuer's keys behind a real address: what is published can be changed, and the address can fail. */
class Issuer {
  published: readonly JWK[] = [];
  status = 200;
  asked = 0;
  readonly #server: Server = createServer((_request, response) => {
    this.asked += 1;
    response.writeHead(this.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: this.published }));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/keys`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

const issuer = new Issuer();
const CLAIMS = { sub: "user-1", tenant: "acme", scope: "openid cards:read cards:write" };
let ours: Key;
let ourPublic: Key;
let theirs: Key;

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  ours = pair.privateKey;
  ourPublic = pair.publicKey;
  theirs = (await generateKeyPair("RS256")).privateKey;
  issuer.published = [{ ...(await exportJWK(pair.publicKey)), kid: "one", alg: "RS256", use: "sig" }];
  await issuer.start();
});
afterAll(() => issuer.stop());

type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

function tokens(parts: Partial<JwtRules> = {}): JwtTokens {
  const rules: JwtRules = {
    ...{ jwksUrl: issuer.url, issuer: ISSUER, audience: AUDIENCE, algorithms: ["RS256", "ES256"] },
    ...{ clockToleranceMs: 5_000, tenantClaim: "tenant", scopeClaim: "scope", ...parts },
  };
  return new JwtTokens(rules, { now: () => NOW });
}

function unsigned(claims: JWTPayload = CLAIMS, header = { alg: "RS256", kid: "one" }): SignJWT {
  return new SignJWT(claims)
    .setProtectedHeader(header)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime(NOW_S + 60);
}

const bearer = (token: string): string => `Bearer ${token}`;

describe("a token of the issuer's", () => {
  it("says who calls, for which tenant, with which of our scopes, and until when", async () => {
    expect(await tokens().authenticate(bearer(await unsigned().sign(ours)))).toEqual({
      tenant: "acme",
      subject: "jwt:user-1",
      scopes: new Set(["cards:read", "cards:write"]),
      expiresAt: new Date((NOW_S + 65) * 1_000),
    });
  });

  it("may name tenant and scopes in claims of other names, scopes as a list too", async () => {
    const claims = { sub: "user-1", org: "acme-eu", permissions: ["cards:read", 7, "nothing:here"] };
    const rules = { tenantClaim: "org", scopeClaim: "permissions" };
    const identity = await tokens(rules).authenticate(bearer(await unsigned(claims).sign(ours)));
    expect([identity.tenant, [...identity.scopes]]).toEqual(["acme-eu", ["cards:read"]]);
  });

  it("without scopes opens nothing, and is somebody all the same", async () => {
    const token = await unsigned({ sub: "user-1", tenant: "acme" }).sign(ours);
    expect((await tokens().authenticate(bearer(token))).scopes.size).toBe(0);
  });

  it("is good for as long as the issuer's clock may be off after its end, and no longer", async () => {
    const until = (seconds: number) =>
      unsigned()
        .setExpirationTime(NOW_S - seconds)
        .sign(ours);
    await expect(tokens().authenticate(bearer(await until(4)))).resolves.toMatchObject({ tenant: "acme" });
    await expect(tokens().authenticate(bearer(await until(6)))).rejects.toMatchObject({ reason: "expired" });
  });
});

describe("a token that lets nobody in", () => {
  it.each<readonly [string, () => Promise<string>]>([
    ["is signed with another key", () => unsigned().sign(theirs)],
    ["is not signed", async () => new UnsecuredJWT(CLAIMS).setIssuer(ISSUER).setAudience(AUDIENCE).encode()],
    [
      "is signed with our public key, as if that were a secret",
      async () =>
        unsigned(CLAIMS, { alg: "HS256", kid: "one" }).sign(new TextEncoder().encode(await exportSPKI(ourPublic))),
    ],
    ["is for somebody else", () => unsigned().setAudience("another").sign(ours)],
    ["is of another issuer", () => unsigned().setIssuer("https://evil.example/").sign(ours)],
    [
      "is not good yet",
      () =>
        unsigned()
          .setNotBefore(NOW_S + 60)
          .sign(ours),
    ],
    ["names a key that the issuer does not have", () => unsigned(CLAIMS, { alg: "RS256", kid: "two" }).sign(theirs)],
    ["names no tenant", () => unsigned({ sub: "user-1", scope: CLAIMS.scope }).sign(ours)],
    ["names an odd tenant", () => unsigned({ ...CLAIMS, tenant: "../other" }).sign(ours)],
    ["names no subject", () => unsigned({ tenant: "acme" }).sign(ours)],
    [
      "never ends",
      () => new SignJWT(CLAIMS).setProtectedHeader({ alg: "RS256" }).setIssuer(ISSUER).setAudience(AUDIENCE).sign(ours),
    ],
    ["is cut off", async () => (await unsigned().sign(ours)).slice(0, -10)],
    ["is no token", async () => "cgk_abc_def"],
  ])("%s", async (_name, make) => {
    await expect(tokens().authenticate(bearer(await make()))).rejects.toMatchObject({
      name: "Unauthenticated",
      reason: "invalid",
    });
  });

  it("is nobody's fault but the issuer's when its keys cannot be read", async () => {
    issuer.status = 500;
    const token = await unsigned().sign(ours);
    await expect(tokens().authenticate(bearer(token))).rejects.toMatchObject({ name: "IdentityUnavailable" });
    issuer.status = 200;
    await expect(tokens().authenticate(bearer(token))).resolves.toMatchObject({ tenant: "acme" });
  });
});

describe("the issuer's keys", () => {
  it("are read once for many tokens", async () => {
    const [before, one] = [issuer.asked, tokens()];
    const token = bearer(await unsigned().sign(ours));
    await Promise.all([one.authenticate(token), one.authenticate(token)]);
    await one.authenticate(token);
    expect(issuer.asked - before).toBe(1);
  });

  it("are not read anew for every token that names an unknown one", async () => {
    const one = tokens();
    await one.authenticate(bearer(await unsigned().sign(ours)));
    const before = issuer.asked;
    const forged = await unsigned(CLAIMS, { alg: "RS256", kid: "made-up" }).sign(theirs);
    for (let turn = 0; turn < 5; turn += 1) await one.authenticate(bearer(forged)).catch(() => undefined);
    expect(issuer.asked - before).toBeLessThanOrEqual(1);
  });
});
