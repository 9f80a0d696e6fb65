import type { AuthConfig } from "./config-auth.js";
import { Secret } from "./domain/secret.js";
import type { EnvironmentReader } from "./environment.js";
import { isOrigin } from "./http/allowed-origins.js";
import { isClientNetwork } from "./http/client-address.js";
import type { MetricsReaders } from "./http/metrics.js";

/** Connections besides those that operations are kept open on. */
const SPARE_CONNECTIONS = 5_000;
/** What may stand in a header as it is. */
const METRICS_TOKEN = /^[\x21-\x7e]{16,256}$/;

/** Who may reach this server over HTTP, and by which way. */
export interface EdgeConfig {
  /** Networks in CIDR form that the operator's own proxies are in; of everybody else no header says who they are. */
  readonly trustedProxies: readonly string[];
  /** Origins of pages that may use this server from a browser, or `*` alone; empty: only its own. */
  readonly corsOrigins: readonly string[];
  readonly metricsReaders: MetricsReaders;
  /** Connections open at once, of all clients. */
  readonly connectionsMax: number;
}

/** Reads what the environment says of the way in. */
export function readEdge(reader: EnvironmentReader, auth: AuthConfig, liveOperationsMax: number): EdgeConfig {
  const spared = liveOperationsMax + SPARE_CONNECTIONS;
  return {
    trustedProxies: readNetworks(reader, "TRUSTED_PROXIES"),
    corsOrigins: readOrigins(reader, auth),
    metricsReaders: readMetricsReaders(reader, auth),
    connectionsMax: reader.integer("CONNECTIONS_MAX", spared, 10, 2_000_000),
  };
}

/** Every page may be let in only where whoever acts has to say who they are: a browser does not say it by itself. */
function readOrigins(reader: EnvironmentReader, auth: AuthConfig): readonly string[] {
  const rule = "must be origins like https://app.example, without a path or a slash at the end, or * alone";
  const origins = reader.list("CORS_ORIGINS", isOrigin, rule);
  if (!origins.includes("*")) return origins;
  if (origins.length > 1) reader.fault("CORS_ORIGINS", rule);
  if (auth.kind === "none") reader.fault("CORS_ORIGINS", "* is refused with AUTH=none: any web page could order cards");
  return origins;
}

/** Without a token, what is not to be seen by everybody is shown on this machine alone. */
function readMetricsReaders(reader: EnvironmentReader, auth: AuthConfig): MetricsReaders {
  const token = reader.text("METRICS_TOKEN", "");
  if (token && !METRICS_TOKEN.test(token)) {
    reader.fault("METRICS_TOKEN", "must be 16 to 256 printable ASCII characters without blanks");
  }
  if (token) return { kind: "bearers", token: new Secret(token) };
  return { kind: auth.kind === "none" && reader.env.NODE_ENV !== "production" ? "anybody" : "this_machine" };
}

/** A list of networks in CIDR form; empty: none is named. */
export function readNetworks(reader: EnvironmentReader, name: string): readonly string[] {
  return reader.list(name, isClientNetwork, "must be networks like 10.0.0.0/8 or fd00::/8, not everybody's");
}
