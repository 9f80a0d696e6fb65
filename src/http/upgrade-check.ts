import type { IncomingMessage } from "node:http";
import { handleProtocols } from "graphql-ws";
import type { AllowedOrigins } from "./allowed-origins.js";
import { FOREIGN_HOST, type OwnHosts } from "./own-hosts.js";
import type { RawRefusal } from "./raw-answer.js";
import { boundsFault } from "./request-bounds.js";

/** Who may open WebSockets, and where. */
export interface UpgradeRules {
  /** Where they are served. */
  readonly path: string;
  /** The names that this server goes by; null: any. */
  readonly ownHosts: OwnHosts | null;
  /** The pages of other sites that may. */
  readonly origins: AllowedOrigins;
}

/**
 * Looks at a request to become a WebSocket; null when there is nothing against it. Browsers let any page open a
 * WebSocket anywhere and only say in `Origin` whose page it is, so a page of another host that is not allowed is
 * turned away here. What is not a browser sends no `Origin`.
 */
export function refusalOf(request: IncomingMessage, { path, ownHosts, origins }: UpgradeRules): RawRefusal | null {
  const fault = boundsFault(request);
  if (fault) return fault;
  if (ownHosts && !ownHosts.has(request.headers.host)) return FOREIGN_HOST;
  if (request.url?.split("?")[0] !== path) {
    return { status: 404, code: "NOT_FOUND", message: `There is nothing at this address; GraphQL is at ${path}.` };
  }
  const { origin, host } = request.headers;
  if (!isOwnPage(origin, host) && !origins.has(origin ?? "")) {
    const message =
      "Origin is neither this server's own host nor allowed (CORS_ORIGINS). A proxy in between has to pass the Host " +
      "header on as it is.";
    return { status: 403, code: "FORBIDDEN", message };
  }
  if (!handleProtocols(request.headers["sec-websocket-protocol"] ?? "")) {
    const message = "The only sub-protocol that is spoken here is graphql-transport-ws.";
    return { status: 400, code: "BAD_REQUEST", message };
  }
  return null;
}

function isOwnPage(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // Through the same parser, which leaves out the scheme's own port from both.
  const own = `${page.protocol}//${host}`;
  return page.host !== "" && URL.canParse(own) && new URL(own).host === page.host;
}
