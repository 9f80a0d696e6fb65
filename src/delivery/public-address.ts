import ipaddr from "ipaddr.js";

/** Why events may not be sent to an address. */
export const ADDRESS_REFUSALS = ["not https", "internal name", "not public"] as const;

/** One of {@link ADDRESS_REFUSALS}. */
export type AddressRefusal = (typeof ADDRESS_REFUSALS)[number];

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Names that never belong to a public host. Source: RFC 6761, 6762, 8375, and ICANN's reservation of `internal`. */
const INTERNAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;
const LABELS = /^[^.]+(\.[^.]+)+$/;

/** All of the public unicast addresses of IPv6. Source: IANA, Internet Protocol Version 6 Address Space. */
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR("2000::/3");

/**
 * Where clouds hand out credentials to whoever asks from inside: refused whatever the operator allows. The fourth lies
 * in a public range. Sources: the metadata pages of AWS (also for containers), Alibaba, Azure and Oracle.
 */
const METADATA: ReadonlySet<string> = new Set([
  ...["169.254.169.254", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200", "192.0.0.192"],
  ...["fd00:ec2::254", "fd00:ec2::23"],
]);

/** Whether a text is a network in CIDR form, such as `10.0.0.0/8` or `fd00::/8`. */
export function isNetwork(text: string): boolean {
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || (ipaddr.IPv6.isValidCIDR(text) && !text.includes("%"));
}

/**
 * Which addresses events may be sent to: public unicast ones, and those of the networks that the operator allows.
 * Anything else could turn this server against the network that it stands in.
 */
export class AddressRules {
  readonly #allowed: readonly Network[];

  /** `privateNetworks` in CIDR form; throws for a text that is not. */
  constructor(privateNetworks: readonly string[]) {
    this.#allowed = privateNetworks.map((network) => ipaddr.parseCIDR(network));
  }

  /**
   * What can be said of an address before its name is looked up; null when nothing is wrong with it. `URL` has brought
   * its host to one spelling: numbers of any base, full-width characters and the like are plain by now.
   */
  refusalOf(address: string): AddressRefusal | null {
    const url = URL.canParse(address) ? new URL(address) : null;
    // Only the plain spelling: the host is also cut out of the text, where deliveries are counted by it.
    if (!url || !/^https:\/\/[^/?#\\@]+([/?#]|$)/.test(address) || url.username || url.password) return "not https";
    const literal = literalOf(url);
    if (literal !== null) return this.allows(literal) ? null : "not public";
    const name = url.hostname.replace(/\.$/, "");
    // Inside networks that the operator allows names are internal; what they lead to is looked at all the same.
    if (this.#allowed.length > 0 && name !== "") return null;
    return LABELS.test(name) && !INTERNAL_NAME.test(name) ? null : "internal name";
  }

  /** Whether a connection to an address may be made. False for what is no address. */
  allows(address: string): boolean {
    // A zone names one of this machine's own interfaces.
    if (!ipaddr.isValid(address) || address.includes("%")) return false;
    const parsed = ipaddr.parse(address);
    if (METADATA.has(parsed.toString())) return false;
    return isPublic(parsed) || this.#allowed.some((network) => lies(parsed, network));
  }
}

/** The address that a URL names by number, without brackets; null when it names a host. */
export function literalOf(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(host) ? host : null;
}

/** The library calls unicast what it does not know otherwise, such as the old IPv4-compatible addresses of IPv6. */
function isPublic(address: Address): boolean {
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || lies(address, GLOBAL_UNICAST_V6);
}

function lies(address: Address, network: Network): boolean {
  return address.kind() === network[0].kind() && address.match(network);
}
