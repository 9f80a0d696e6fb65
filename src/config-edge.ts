import type { EnvironmentReader } from "./environment.js";
import { isClientNetwork } from "./http/client-address.js";

/** Who may reach this server over HTTP, and by which way. */
export interface EdgeConfig {
  /** Networks in CIDR form that the operator's own proxies are in; of everybody else no header says who they are. */
  readonly trustedProxies: readonly string[];
}

/** Reads what the environment says of the way in. */
export function readEdge(reader: EnvironmentReader): EdgeConfig {
  return { trustedProxies: readNetworks(reader, "TRUSTED_PROXIES") };
}

/** A list of networks in CIDR form; empty: none is named. */
export function readNetworks(reader: EnvironmentReader, name: string): readonly string[] {
  return reader.list(name, isClientNetwork, "must be networks like 10.0.0.0/8 or fd00::/8, not everybody's");
}
