import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const ISSUER = "https://issuer.example/";
const AUDIENCE = "cardgraph";
const ALGORITHM = "ES256";

/** What a token says of whoever holds it. */
export interface Holder {
  readonly tenant: string;
  readonly scopes: string;
  /** How long the token is good, in seconds (an hour). */
  readonly seconds?: number;
}

/** An issuer of tokens, whose keys are behind a real address on loopback. */
export interface Issuer {
  /** The environment of a server that believes its tokens. */
  readonly env: Readonly<Record<string, string>>;
  /** The value of an `Authorization` header. */
  tokenFor(holder: Holder): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer with one key. */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const keys = [{ ...(await exportJWK(publicKey)), kid: "one", alg: ALGORITHM, use: "sig" }];
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      AUTH: "jwt",
      JWT_JWKS_URL: `http://127.0.0.1:${port}/keys`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      JWT_CLOCK_TOLERANCE_MS: "0",
    },
    tokenFor: async ({ tenant, scopes, seconds = 3_600 }) => {
      const token = await new SignJWT({ tenant, scope: scopes })
        .setProtectedHeader({ alg: ALGORITHM, kid: "one" })
        .setSubject(`somebody of ${tenant}`)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime(new Date(Date.now() + seconds * 1_000))
        .sign(privateKey);
      return `Bearer ${token}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
