import { once } from "node:events";
import { request } from "node:http";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { ANYBODY, Unauthenticated } from "../../src/domain/identity.js";
import { ClientAddresses, ClientNetworks, isClientNetwork } from "../../src/http/client-address.js";
import { REFUSALS_PER_MINUTE } from "../../src/http/refused-callers.js";
import { type LiveServer, startLive } from "../support/live-server.js";
import { handshake, PROTOCOL } from "../support/ws-connection.js";

/** The network of every peer in these tests. */
const LOOPBACK = "127.0.0.0/8";
type Headers = Readonly<Record<string, string | string[]>>;

/** Sends a request as it is, and resolves with the status and the body of the answer. */
function send({ port }: { readonly port: number }, path: string, headers: Headers): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, headers });
    asked.on("error", reject).on("response", async (answer) => {
      let body = "";
      for await (const chunk of answer) body += chunk;
      resolve([answer.statusCode ?? 0, body]);
    });
    asked.end();
  });
}

describe("the address that a request comes from", () => {
  const seenBy = async (proxies: readonly string[], forwarded: Headers): Promise<string> => {
    const clients = new ClientAddresses(proxies);
    const server = await startLive({}, (http) => http.get("/who", async ({ raw }) => clients.keyOf(raw)));
    return (await send(server, "/who", forwarded))[1];
  };
  const by = (...hops: readonly string[]): Headers => ({ "x-forwarded-for": hops.join(", ") });

  it.each([
    ["a peer that nobody trusts is its own, whatever it says", [], by("192.0.2.7"), "127.0.0.1"],
    ["a peer outside of the trusted networks too", ["10.0.0.0/8"], by("192.0.2.7"), "127.0.0.1"],
    ["a proxy is what the proxy says", [LOOPBACK], by("192.0.2.7"), "192.0.2.7"],
    ["a proxy that says nothing is the proxy's", [LOOPBACK], {}, "127.0.0.1"],
    ["a proxy is not what its client says", [LOOPBACK], by("198.51.100.1", "192.0.2.7"), "192.0.2.7"],
    ["two proxies is what the outer one says", [LOOPBACK, "10.0.0.0/8"], by("192.0.2.7", "10.0.0.3"), "192.0.2.7"],
    ["two proxies, of which one is trusted, is the other's", [LOOPBACK], by("192.0.2.7", "10.0.0.3"), "10.0.0.3"],
    ["proxies alone is the outermost one's", [LOOPBACK, "10.0.0.0/8"], by("10.0.0.9", "10.0.0.3"), "10.0.0.9"],
    ["a proxy that hides it is the proxy's", [LOOPBACK], by("192.0.2.7", "unknown"), "127.0.0.1"],
    ["a proxy that writes nonsense is the proxy's", [LOOPBACK], by("' or 1=1"), "127.0.0.1"],
    ["a proxy that adds the port is without it", [LOOPBACK], by("192.0.2.7:61234"), "192.0.2.7"],
    ["a proxy that adds the port in IPv6 is without it", [LOOPBACK], by("[2001:db8::7]:61234"), "2001:db8::/64"],
    [
      "a proxy in two headers is that in the second",
      [LOOPBACK],
      { "x-forwarded-for": ["198.51.100.1", "192.0.2.7"] },
      "192.0.2.7",
    ],
    ["IPv6 is its network of 64 bits", [LOOPBACK], by("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64"],
    ["IPv4 in the clothes of IPv6 is IPv4", [LOOPBACK], by("::ffff:192.0.2.7"), "192.0.2.7"],
    [
      "any other header is not looked at",
      [LOOPBACK],
      { "x-real-ip": "192.0.2.7", forwarded: "for=192.0.2.7" },
      "127.0.0.1",
    ],
  ] satisfies [string, string[], Headers, string][])("by way of %s", async (_name, proxies, forwarded, expected) => {
    expect(await seenBy(proxies, forwarded)).toBe(expected);
  });

  it("is an address or the peer's, whatever stands in the header", async () => {
    const clients = new ClientAddresses([LOOPBACK]);
    const peer = { remoteAddress: "127.0.0.1" };
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.array(fc.ipV6()).map(String)), (header) => {
        const seen = clients.keyOf({ headers: { "x-forwarded-for": header }, socket: peer } as never);
        expect(seen).toMatch(/^(\d+\.\d+\.\d+\.\d+|[\da-f:]+\/64)$/);
      }),
    );
  });
});

describe("a network", () => {
  it.each(["10.0.0.0/8", "192.0.2.7/32", "fd00::/8", "2001:db8::1/128"])("is %s", (text) =>
    expect(isClientNetwork(text)).toBe(true));

  it.each([
    ...["10.0.0.0", "10.0.0.0/0", "::/0", "10.0.0.0/33", "fd00::/129", "10/8", "0x0a.0.0.0/8", "loopback"],
    ...["10.0.0.0/255.0.0.0", "::ffff:10.0.0.0/104", "fe80::1%eth0/64", "10.0.0.0/8,", ""],
  ])("is not %s", (text) => expect(isClientNetwork(text)).toBe(false));

  it("of IPv4 has an address that an IPv6 socket shows", () => {
    const networks = new ClientNetworks(["10.0.0.0/8", "fd00::/8"]);
    const found = ["10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "11.0.0.1", "::ffff:11.0.0.1", "fe80::1", "", "x"];
    expect(found.filter((address) => networks.has(address))).toEqual(found.slice(0, 3));
  });
});

describe("what is counted by address", () => {
  const start = (trusted: readonly string[], operationsPerClient = 1): Promise<LiveServer> =>
    startLive({ operationsPerClient }, () => {}, {
      clients: new ClientAddresses(trusted),
      authenticator: {
        authenticate: async (authorization) => {
          if (authorization === "wrong") throw new Unauthenticated("invalid");
          return ANYBODY;
        },
      },
    });
  const from = (last: number) => ({ "x-forwarded-for": `192.0.2.${last}` });
  const wrong = async (server: LiveServer, last: number): Promise<number> =>
    (await send(server, "/graphql?query=%7Bhello%7D", { authorization: "wrong", ...from(last) }))[0];
  const guess = async (server: LiveServer, addressOf: (nth: number) => number): Promise<void> => {
    for (let nth = 0; nth < REFUSALS_PER_MINUTE; nth += 1) expect(await wrong(server, addressOf(nth))).toBe(401);
  };
  const openSocket = async (server: LiveServer, last: number): Promise<void> => {
    const socket = new WebSocket(server.wsUrl, PROTOCOL, { headers: from(last) });
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
  };

  it("is counted by the peer's address when nobody trusts it: forged ones change nothing", async () => {
    const server = await start([]);
    await guess(server, (nth) => nth);
    expect(await wrong(server, 250)).toBe(429);
    await openSocket(server, 1);
    expect((await handshake(server, "/graphql", from(2)))[0]).toBe(429);
  });

  it("is counted by each client's address behind a proxy that is trusted", async () => {
    const server = await start([LOOPBACK]);
    await guess(server, () => 1);
    expect([await wrong(server, 1), await wrong(server, 2)]).toEqual([429, 401]);
    await openSocket(server, 1);
    expect((await handshake(server, "/graphql", from(1)))[0]).toBe(429);
    expect((await handshake(server, "/graphql", from(2)))[0]).toBe(101);
  });

  it("is counted by each client's address for server-sent events too", async () => {
    const server = await start([LOOPBACK]);
    const events = { accept: "text/event-stream", "apollo-require-preflight": "1" };
    const follow = (last: number) =>
      fetch(`${server.url}?query=subscription%7Bticks%7D`, { headers: { ...events, ...from(last) } });
    expect([(await follow(1)).status, (await follow(1)).status, (await follow(2)).status]).toEqual([200, 429, 200]);
  });
});
