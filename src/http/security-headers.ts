import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import helmet from "helmet";

/** How long a browser that was here once comes back over TLS only, in seconds: one year. */
const TLS_ONLY_SECONDS = 31_536_000;

/**
 * The headers that stand on every answer: nothing that is served here is a page to be framed, guessed at or loaded from
 * by others. They are the same for every answer, so the library is asked once. `overTls` says that clients reach this
 * server by https.
 */
export function securityHeaders(overTls: boolean): Readonly<Record<string, string>> {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({
    // A page of our own says itself what it loads.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
    },
    strictTransportSecurity: overTls && { maxAge: TLS_ONLY_SECONDS, includeSubDomains: false },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    // These are for pages, for plugins, or for browsers that nobody has any more.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })(answer.req, answer, () => undefined);
  return Object.fromEntries(Object.entries(answer.getHeaders()).map(([name, value]) => [name, String(value)]));
}
