import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { all, compile } from "@fastify/proxy-addr";
import ipaddr from "ipaddr.js";

/** The part of an IPv6 address that names a network; whoever has one of these has all addresses in it. */
const CLIENT_BITS_V6 = 64;
/** `address:port` or `[address]:port`, as some proxies write it. */
const WITH_PORT = /^(?:\[([\da-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/i;

/**
 * Whether a text names a network that addresses can be looked up in: CIDR form, such as `10.0.0.0/8` or `fd00::/8`, and
 * never everybody's. IPv4 is written as IPv4: addresses that an IPv6 socket shows as mapped ones fit it too.
 */
export function isClientNetwork(text: string): boolean {
  if (!/^[\da-f.:]+\/\d{1,3}$/i.test(text) || /^::ffff:/i.test(text) || isIP(text.split("/")[0] ?? "") === 0)
    return false;
  try {
    compile([text]);
    return true;
  } catch {
    return false;
  }
}

/** Networks that addresses either lie in or do not. */
export class ClientNetworks {
  readonly #has: (address: string, hop: number) => boolean;

  /** Each has to be one of {@link isClientNetwork}; throws for a text that is no network. */
  constructor(networks: readonly string[]) {
    this.#has = compile([...networks]);
  }

  /** False for what is no address. */
  has(address: string): boolean {
    return this.#has(address, 0);
  }
}

/**
 * Says from which address a request comes, for all that is counted or allowed by address. What a header says of it is
 * read only where the operator's own proxy has written it: everybody else can write anything there.
 */
export class ClientAddresses {
  readonly #proxies: ClientNetworks | null;

  /** Networks that proxies are in; none: no header is read. */
  constructor(trustedProxies: readonly string[] = []) {
    this.#proxies = trustedProxies.length === 0 ? null : new ClientNetworks(trustedProxies);
  }

  /**
   * The client's own address: the peer's, or while that is a trusted proxy the one that it names in `X-Forwarded-For`,
   * read from the right. A name there that is no address counts as the proxy that wrote it. Empty for a peer that has
   * gone already.
   */
  of(request: IncomingMessage): string {
    const peer = request.socket.remoteAddress ?? "";
    const proxies = this.#proxies;
    if (proxies === null || peer === "" || request.headers["x-forwarded-for"] === undefined) return plain(peer);
    const hops = all(request, (address) => proxies.has(withoutPort(address))).map(withoutPort);
    return plain(hops.findLast((hop) => isIP(hop) !== 0) ?? peer);
  }

  /** What the client is counted by: an IPv4 address, or the network of 64 bits that an IPv6 address lies in. */
  keyOf(request: IncomingMessage): string {
    return counted(this.of(request));
  }
}

/** An IPv4 address as such, though it came over an IPv6 socket; without the zone, which names an interface of ours. */
function plain(address: string): string {
  if (!address.includes(":")) return address;
  const bare = address.split("%", 1)[0] ?? "";
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : address;
}

function counted(address: string): string {
  if (!address.includes(":") || !ipaddr.IPv6.isValid(address)) return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${CLIENT_BITS_V6}`).toString()}/${CLIENT_BITS_V6}`;
}

function withoutPort(hop: string): string {
  const [, v6, v4] = WITH_PORT.exec(hop) ?? [];
  return v6 ?? v4 ?? hop;
}
