import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressRules, isNetwork } from "../../src/delivery/public-address.js";

const rules = new AddressRules([]);

const https = (...hosts: readonly string[]): readonly string[] => hosts.map((host) => `https://${host}`);

const PUBLIC = [
  ...https("hooks.example", "hooks.example/cards?token=1#x", "hooks.example:8443/cards", "hooks.example./cards"),
  ...https("HOOKS.EXAMPLE/cards", "xn--bcher-kva.example", "bücher.example"),
  ...https("local.example", "localhost.example", "internal-hooks.example"),
  ...https("8.8.8.8/cards", "1.1.1.1:8443", "[2001:4860:4860::8888]/cards", "[2606:4700:4700::1111]:8443"),
];

const NOT_HTTPS = [
  ...["http://hooks.example", "ftp://hooks.example", "javascript:alert(1)", "file:///etc/passwd"],
  ...["//hooks.example", "hooks.example", "", "https://"],
  ...https("user@hooks.example", "user:pw@hooks.example", ":pw@hooks.example", "@hooks.example"),
  ...https("hooks.example@10.0.0.1/", "256.256.256.256", "hooks.example:99999", "[fe80::1%25eth0]/"),
  // Spellings that `URL` understands, and that say something else to whoever cuts the host out of the text.
  ...["https:hooks.example", "https:/hooks.example", "https:\\\\hooks.example", "https://hooks.example\\@10.0.0.1/"],
  ...["HTTPS://hooks.example", " https://hooks.example"],
];

const INTERNAL = [
  ...https("localhost", "LOCALHOST:8443", "localhost.", "localhost../", "localhost%2e/"),
  ...https("lo\u00adcalhost", "ⓛocalhost", "api.localhost", "printer.local", "printer.local."),
  ...https("metadata.google.internal", "router.home.arpa", "local", "intranet/cards", "com"),
  ...https("a..example", ".example", "hooks.example.."),
];

const NOT_PUBLIC = [
  // Loopback, in every spelling that a URL may have.
  ...https("127.0.0.1", "127.0.0.1.", "127.1", "127.255.255.254", "0x7f.1", "0x7f000001", "2130706433"),
  ...https("017700000001", "0177.0.0.1", "１２７.０.０.１", "127。0。0。1", "%31%32%37.0.0.1"),
  ...https("[::1]", "[0:0:0:0:0:0:0:1]"),
  // Unspecified, and this network.
  ...https("0.0.0.0", "0", "0.1.2.3", "[::]"),
  // Private, link-local, carrier-grade NAT, unique local, site local.
  ...https("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.0.1"),
  ...https("100.64.0.1", "100.127.255.255", "[fe80::1]", "[febf::1]", "[fc00::1]", "[fdff::1]", "[fec0::1]"),
  // Where clouds hand out credentials.
  ...https("169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "[fd00:ec2::254]"),
  // Broadcast, multicast, reserved, documentation, benchmarks.
  ...https("255.255.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1", "192.0.0.1", "192.0.2.1"),
  ...https("198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.88.99.1"),
  ...https("[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[2001:2::1]", "[100::1]", "[5f00::1]"),
  // IPv4 inside IPv6: mapped, compatible, translated, 6to4, Teredo, NAT64.
  ...https("[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::ffff:a00:1]", "[::127.0.0.1]", "[::8.8.8.8]"),
  ...https("[::ffff:0:127.0.0.1]", "[2002:7f00:1::]", "[2001::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]"),
  // Not given out to anybody.
  ...https("[4000::1]", "[1::1]", "[8000::1]", "[e000::1]"),
];

describe("an address", () => {
  it.each(PUBLIC)("%s is not refused", (address) => expect(rules.refusalOf(address)).toBeNull());

  it.each(NOT_HTTPS)("%j is refused as not plain https", (address) =>
    expect(rules.refusalOf(address)).toBe("not https"));

  it.each(INTERNAL)("%s is refused as an internal name", (address) =>
    expect(rules.refusalOf(address)).toBe("internal name"));

  it.each(NOT_PUBLIC)("%s is refused as not public", (address) => expect(rules.refusalOf(address)).toBe("not public"));

  it.each([
    "not an address",
    "",
    "8.8.8.8.example",
    "fe80::1%eth0",
    "2001:4860:4860::8888%1",
  ])("that a look-up gives as %j may not be connected to", (text) => expect(rules.allows(text)).toBe(false));

  it("that is loopback or private is refused in any spelling", () => {
    const octet = fc.nat(255);
    const host = fc.oneof(
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    );
    type Octets = readonly [number, number, number, number];
    const spelling = fc.constantFrom(
      ([a, b, c, d]: Octets) => `${a}.${b}.${c}.${d}`,
      ([a, b, c, d]: Octets) => String(((a * 256 + b) * 256 + c) * 256 + d),
      ([a, b, c, d]: Octets) => `0x${a.toString(16)}.0${b.toString(8)}.${c}.${d}`,
      ([a, b, c, d]: Octets) => `${a}.${(b * 256 + c) * 256 + d}`,
      ([a, b, c, d]: Octets) => `[::ffff:${a}.${b}.${c}.${d}]`,
    );
    fc.assert(
      fc.property(host, spelling, (octets, spell) => {
        expect(rules.refusalOf(`https://${spell(octets)}/x`)).toBe("not public");
      }),
    );
  });
});

describe("networks that the operator allows", () => {
  const inside = new AddressRules(["10.1.0.0/16", "fd12::/16", "127.0.0.0/8", "169.254.0.0/16", "fd00:ec2::/32"]);

  it.each(https("10.1.2.3", "[fd12::1]", "127.0.0.1:8443", "8.8.8.8"))("let %s pass", (address) =>
    expect(inside.refusalOf(address)).toBeNull());

  it.each(
    https("10.2.0.1", "[fd13::1]", "[::1]", "192.168.0.1", "[::ffff:10.1.2.3]"),
  )("do not let %s pass", (address) => expect(inside.refusalOf(address)).toBe("not public"));

  it.each(
    https("169.254.169.254", "[fd00:ec2::254]"),
  )("never let %s pass, where a cloud hands out credentials", (address) =>
    expect(inside.refusalOf(address)).toBe("not public"));

  it("let internal names be looked up, and nothing else that is wrong", () => {
    expect(inside.refusalOf("https://hooks.internal/cards")).toBeNull();
    expect(inside.refusalOf("https://hooks/cards")).toBeNull();
    expect(inside.refusalOf("http://hooks.internal/cards")).toBe("not https");
  });

  it.each(["10.0.0.0/8", "10.1.2.3/32", "fd00::/8", "::1/128", "0.0.0.0/0"])("may be %s", (text) =>
    expect(isNetwork(text)).toBe(true));

  it.each([
    "10.0.0.0",
    "10/8",
    "010.0.0.0/8",
    "10.0.0.0/33",
    "fd00::/129",
    "fe80::1%eth0/64",
    "hooks.example/8",
    "",
  ])("may not be %j", (text) => expect(isNetwork(text)).toBe(false));
});
