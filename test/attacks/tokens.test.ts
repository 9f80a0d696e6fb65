import { constants, createHmac, createPublicKey, KeyObject, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CompactEncrypt, CompactSign, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JwtRules, JwtTokens } from "../../src/auth/jwt-tokens.js";

const ISSUER = "https://issuer.example/";
const NOW = new Date("2026-01-01T00:00:00Z");
const NOW_S = NOW.getTime() / 1_000;
const CLAIMS = { iss: ISSUER, aud: "cardgraph", sub: "user-1", tenant: "acme", scope: "cards:read", exp: NOW_S + 60 };

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let [rsa, ec, evil] = [null, null, null] as unknown as [Keys, Keys, Keys];
let evilJwk: JWK;
/** What the issuer's address and the attacker's were asked. */
const asked: string[] = [];
let server: Server;
let origin = "";
let answer: { status: number; location?: string; body: string };

beforeAll(async () => {
  [rsa, ec, evil] = await Promise.all([
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("ES256", { extractable: true }),
    generateKeyPair("RS256", { extractable: true }),
  ]);
  evilJwk = { ...(await exportJWK(evil.publicKey)), kid: "evil", alg: "RS256" };
  const ours = [
    { ...(await exportJWK(rsa.publicKey)), kid: "one", alg: "RS256" },
    { ...(await exportJWK(ec.publicKey)), kid: "two", alg: "ES256" },
  ];
  answer = { status: 200, body: JSON.stringify({ keys: ours }) };
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const isEvil = request.url?.startsWith("/evil");
    const { status, location, body } = isEvil ? { status: 200, body: JSON.stringify({ keys: [evilJwk] }) } : answer;
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

function tokens(): JwtTokens {
  const rules: JwtRules = {
    ...{ jwksUrl: `${origin}/keys`, issuer: ISSUER, audience: "cardgraph", algorithms: ["RS256", "ES256", "EdDSA"] },
    ...{ clockToleranceMs: 5_000, tenantClaim: "tenant", scopeClaim: "scope" },
  };
  return new JwtTokens(rules, { now: () => NOW });
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
/** A token put together by hand, with any signature. */
const handmade = (header: object, claims: object, signature: string | Buffer = ""): string =>
  `${part(header)}.${part(claims)}.${Buffer.from(signature).toString("base64url")}`;
const signed = (claims: object, header: object = {}, key = rsa.privateKey): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "RS256", kid: "one", ...header })
    .sign(key);
/** Signed by whoever attacks, with a header of theirs. */
const forged = (header: object): Promise<string> => signed(CLAIMS, header, evil.privateKey);
function hmac(alg: string, secret: string | Buffer): string {
  const body = `${part({ alg, kid: "one" })}.${part(CLAIMS)}`;
  return `${body}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(body)
    .digest("base64url")}`;
}
/** Signed by our own key, by a method that it is not for. */
function byHand(alg: "RS512" | "PS256"): string {
  const body = `${part({ alg, kid: "one" })}.${part(CLAIMS)}`;
  const padding = alg === "PS256" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const key = KeyObject.from(rsa.privateKey);
  return `${body}.${sign(`sha${alg.slice(2)}`, Buffer.from(body), { key, padding }).toString("base64url")}`;
}
const without = (claim: string): object =>
  Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
const der = (): Buffer => createPublicKey(rsaPem).export({ type: "spki", format: "der" });
let rsaPem = "";
beforeAll(async () => {
  rsaPem = await exportSPKI(rsa.publicKey);
});

type Case = readonly [name: string, make: () => string | Promise<string>];

const UNSIGNED: readonly Case[] = ["none", "None", "NONE", "nOnE", "", "null"].flatMap((alg): Case[] => [
  [`says ${JSON.stringify(alg)} for its method`, () => handmade({ alg }, CLAIMS)],
  [`says ${JSON.stringify(alg)} and has a signature`, () => handmade({ alg, kid: "one" }, CLAIMS, "x".repeat(256))],
]);

const CONFUSED: readonly Case[] = [
  ...["HS256", "HS384", "HS512"].flatMap((alg): Case[] => [
    [`is ${alg} with our public key's PEM`, () => hmac(alg, rsaPem)],
    [`is ${alg} with the PEM without its end of line`, () => hmac(alg, rsaPem.trim())],
    [`is ${alg} with our public key's DER`, () => hmac(alg, der())],
    [`is ${alg} with the JWK's modulus`, async () => hmac(alg, (await exportJWK(rsa.publicKey)).n ?? "")],
    [`is ${alg} with an empty secret`, () => hmac(alg, "")],
  ]),
  ["is RS512 by our key, which is not asked for", () => byHand("RS512")],
  ["is PS256 by our key, which is not asked for", () => byHand("PS256")],
  ["says ES256 and has a signature of noughts", () => handmade({ alg: "ES256", kid: "two" }, CLAIMS, Buffer.alloc(64))],
  ["says ES256 and has no signature", () => handmade({ alg: "ES256", kid: "two" }, CLAIMS)],
  ["says ES256 for the key of RS256", () => handmade({ alg: "ES256", kid: "one" }, CLAIMS, Buffer.alloc(64, 1))],
  ["has a list for its method", () => handmade({ alg: ["RS256", "none"], kid: "one" }, CLAIMS)],
];

const LED_ASTRAY: readonly Case[] = [
  ...["jku", "x5u"].flatMap((name): Case[] => [
    [`brings the address of its key as ${name}`, () => forged({ [name]: `${origin}/evil`, kid: "evil" })],
    [`brings the address of its key as ${name}, under our key's name`, () => forged({ [name]: `${origin}/evil` })],
  ]),
  ["brings its key", () => forged({ jwk: evilJwk, kid: "evil" })],
  ["brings its key under our key's name", () => forged({ jwk: { ...evilJwk, kid: "one" } })],
  ["brings a certificate", () => forged({ x5c: [Buffer.alloc(300, 48).toString("base64")], x5t: "x" })],
  ...[
    "../../../dev/null",
    "' UNION SELECT 'x",
    "one\u0000evil",
    "/evil",
    "one|evil",
    "",
    "__proto__",
    "x".repeat(2_000),
  ].map((kid): Case => [`names its key ${JSON.stringify(kid).slice(0, 30)}`, () => forged({ kid })]),
  ["names no key", () => forged({ kid: undefined })],
  [
    "asks for an extension that nobody knows",
    () => handmade({ alg: "RS256", kid: "one", crit: ["x"], x: 1 }, CLAIMS, "x"),
  ],
  ["is not encoded, by RFC 7797", () => handmade({ alg: "RS256", kid: "one", crit: ["b64"], b64: false }, CLAIMS, "x")],
];

const CLAIMED: readonly Case[] = [
  ...["iss", "aud", "sub", "tenant", "exp"].map((claim): Case => [`has no ${claim}`, () => signed(without(claim))]),
  ...[
    ["iss", [ISSUER]],
    ["iss", `${ISSUER}x`],
    ["iss", ISSUER.toUpperCase()],
    ["iss", null],
  ].map(
    ([claim, value]): Case => [
      `has ${JSON.stringify(value)} for ${claim}`,
      () => signed({ ...CLAIMS, [claim as string]: value }),
    ],
  ),
  ...(["cardgraph2", "Cardgraph", [], ["other"], "", null, { cardgraph: true }] as unknown[]).map(
    (aud): Case => [`has ${JSON.stringify(aud)} for aud`, () => signed({ ...CLAIMS, aud })],
  ),
  ...(["", 7, null, ["user-1"], "x".repeat(129), "user\n2", "a\u0000b"] as unknown[]).map(
    (sub): Case => [`has ${JSON.stringify(sub).slice(0, 20)} for sub`, () => signed({ ...CLAIMS, sub })],
  ),
  ...(
    [
      "",
      "../acme",
      "acme globex",
      "acme\n",
      "-acme",
      "x".repeat(65),
      "ácme",
      ["acme"],
      { a: 1 },
      7,
      null,
      true,
    ] as unknown[]
  ).map(
    (tenant): Case => [`has ${JSON.stringify(tenant).slice(0, 20)} for tenant`, () => signed({ ...CLAIMS, tenant })],
  ),
  ...(["2027-01-01", String(NOW_S + 60), null, 1e300, [NOW_S + 60], true] as unknown[]).map(
    (exp): Case => [`has ${JSON.stringify(exp)} for exp`, () => signed({ ...CLAIMS, exp })],
  ),
  ["is good from a minute on", () => signed({ ...CLAIMS, nbf: NOW_S + 60 })],
  ["says in words from when it is good", () => signed({ ...CLAIMS, nbf: "now" })],
];

const MISSHAPEN: readonly Case[] = [
  [
    "has another tenant's claims under its signature",
    async () => {
      const [header, , signature] = (await signed(CLAIMS)).split(".");
      return `${header}.${part({ ...CLAIMS, tenant: "globex" })}.${signature}`;
    },
  ],
  [
    "has another header over its signature",
    async () => {
      const [, claims, signature] = (await signed(CLAIMS)).split(".");
      return `${part({ alg: "RS256", kid: "one", typ: "x" })}.${claims}.${signature}`;
    },
  ],
  [
    "has one bit of its signature turned",
    async () => {
      const [header, claims, signature = ""] = (await signed(CLAIMS)).split(".");
      const bytes = Buffer.from(signature, "base64url");
      bytes[9] = (bytes[9] ?? 0) ^ 1;
      return `${header}.${claims}.${bytes.toString("base64url")}`;
    },
  ],
  ["lacks its signature", async () => (await signed(CLAIMS)).replace(/[^.]*$/, "")],
  ["has a part too many", async () => `${await signed(CLAIMS)}.x`],
  ["is a token in a token", async () => signed({ jwt: await signed(CLAIMS) }, { cty: "JWT" })],
  [
    "is encrypted",
    async () =>
      new CompactEncrypt(Buffer.from(part(CLAIMS)))
        .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", kid: "one" })
        .encrypt((await generateKeyPair("RSA-OAEP-256")).publicKey),
  ],
  ["holds a list for its claims", () => signed([CLAIMS])],
  ["holds a text for its claims", () => signed("acme" as unknown as object)],
  ["is longer than any token", () => signed({ ...CLAIMS, more: "x".repeat(9_000) })],
  ["is a megabyte", () => signed({ ...CLAIMS, more: "x".repeat(1_000_000) })],
  ["is the JSON form of a token", async () => JSON.stringify({ payload: part(CLAIMS), signatures: [] })],
];

const KINDS = { UNSIGNED, CONFUSED, LED_ASTRAY, CLAIMED, MISSHAPEN };

describe.each([
  ["a token without a signature", KINDS.UNSIGNED],
  ["a token that confuses methods", KINDS.CONFUSED],
  ["a token that brings or names keys of its own", KINDS.LED_ASTRAY],
  ["a token with claims that are not right", KINDS.CLAIMED],
  ["a token of another shape", KINDS.MISSHAPEN],
] as const)("%s", (_kind, cases) => {
  it.each(cases)("lets nobody in: it %s", async (_name, make) => {
    const one = tokens();
    await expect(one.authenticate(`Bearer ${await make()}`)).rejects.toMatchObject({
      name: "Unauthenticated",
      reason: expect.stringMatching(/^(invalid|expired)$/),
    });
    expect(asked.filter((path) => path.startsWith("/evil"))).toEqual([]);
  });
});

describe("the same token as it should be", () => {
  it("lets its holder in by either key, so that the others were refused for what is wrong with them", async () => {
    expect(await tokens().authenticate(`Bearer ${await signed(CLAIMS)}`)).toMatchObject({ tenant: "acme" });
    const byEc = await new SignJWT(CLAIMS).setProtectedHeader({ alg: "ES256", kid: "two" }).sign(ec.privateKey);
    expect(await tokens().authenticate(`Bearer ${byEc}`)).toMatchObject({ tenant: "acme" });
  });
});

describe("the issuer's address", () => {
  it.each([301, 302, 303, 307, 308])("that answers %i leads nowhere else", async (status) => {
    const before = answer;
    answer = { status, location: `${origin}/evil`, body: "" };
    const token = await signed(CLAIMS, { kid: "evil" }, evil.privateKey);
    await expect(tokens().authenticate(`Bearer ${token}`)).rejects.toMatchObject({ name: "IdentityUnavailable" });
    answer = before;
    expect(asked.filter((path) => path.startsWith("/evil"))).toEqual([]);
  });

  it.each([
    ["no keys", "{}"],
    ["a list", "[]"],
    ["no JSON", "<html>"],
    ["keys that are none", '{"keys":[{"kty":"oct","k":"AA","kid":"one","alg":"HS256"}]}'],
    ["keys that are texts", '{"keys":["one"]}'],
  ])("that answers %s lets nobody in", async (_name, body) => {
    const before = answer;
    answer = { status: 200, body };
    await expect(tokens().authenticate(`Bearer ${await signed(CLAIMS)}`)).rejects.toMatchObject({
      name: expect.stringMatching(/^(Unauthenticated|IdentityUnavailable)$/),
    });
    answer = before;
  });
});
