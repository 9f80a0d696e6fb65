import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PublicCallerAddress } from "../../src/delivery/caller-address.js";
import { AddressRules } from "../../src/delivery/public-address.js";
import type { ResolveName } from "../../src/delivery/resolve-name.js";
import { WebhookSender } from "../../src/delivery/webhook-sender.js";
import { Secret } from "../../src/domain/secret.js";
import { CallbackAddresses } from "../../src/http/callback-addresses.js";
import { orderOf } from "../support/asking.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { PREPAIDIFY, read } from "../support/environment.js";
import { startReceiver } from "../support/receiver.js";

/** Spellings of addresses that lead inside, by what makes them hard to see. Every one was taken by some server. */
const INSIDE = {
  "IPv4 in other bases": [
    ...["2130706433", "017700000001", "0x7f000001", "0x7F.0x0.0x0.0x1", "0177.0.0.01", "127.1", "127.0.1", "0x7f.1"],
    ...["00000177.0.0.1", "0x0000007f.1", "3232235777", "0xc0a80101", "0300.0250.1.1", "2852039166", "0xa9fea9fe"],
    ...["169.254.43518", "0251.0376.0251.0376", "167772161", "10.1", "0xa.1", "4294967295", "0", "0x0", "00"],
  ],
  "IPv4 that is not public": [
    ...["127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.1.1"],
    ...["100.64.0.1", "100.127.255.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7"],
    ...["224.0.0.251", "239.255.255.250", "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "192.88.99.1"],
  ],
  "where clouds keep credentials": [
    ...["169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192"],
    ...["[fd00:ec2::254]", "[fd00:ec2::23]", "metadata.google.internal", "metadata.google.internal.", "instance-data"],
    ...["[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]"],
  ],
  "IPv6 that is not public": [
    ...[
      "[::1]",
      "[0:0:0:0:0:0:0:1]",
      "[0000::0001]",
      "[::]",
      "[fe80::1]",
      "[fe80::1%25lo]",
      "[fe80::1%eth0]",
      "[fc00::1]",
    ],
    ...["[fd12:3456::1]", "[fec0::1]", "[ff02::1]", "[ff05::2]", "[2001:db8::1]", "[100::1]", "[3fff::1]", "[5f00::1]"],
  ],
  "IPv4 in IPv6": [
    ...["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]"],
    ...["[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::1]"],
    ...["[2002:a00:1::]", "[2001:0:7f00:1::]", "[2001::80ff:fffe]", "[::ffff:10.0.0.1]", "[::ffff:192.168.0.1]"],
  ],
  "names that lead inside": [
    ...[
      "localhost",
      "LOCALHOST",
      "localhost.",
      "localhost..",
      "a.localhost",
      "localhost.localdomain.local",
      "printer.local",
    ],
    ...[
      "ip6-localhost",
      "router.home.arpa",
      "db.internal",
      "intranet",
      "kubernetes",
      "x.internal.",
      "local",
      "localhost%2e",
    ],
  ],
  "letters that are read as others": [
    ...["①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "lo\u00adcalhost"],
    ...["loc\u200dalhost", "%6c%6f%63alhost", "%31%32%37.0.0.1", "ℓocalhost", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "localhost\u3002"],
  ],
  "texts that two readers read differently": [
    ...["user@127.0.0.1", "hooks.example@127.0.0.1", "127.0.0.1#@hooks.example", "127.0.0.1\\@hooks.example"],
    ...[
      "hooks.example:80@127.0.0.1",
      ":@127.0.0.1",
      "@127.0.0.1",
      "hooks.example\t@127.0.0.1",
      "127.0.0.1?@hooks.example",
    ],
    ...[
      "[::1]hooks.example",
      "hooks.example[::1]",
      "127.0.0.1:443:443",
      "[::1",
      "hooks.example:99999",
      "127.0.0.1%00.example",
    ],
  ],
} as const;

const KINDS = Object.entries(INSIDE).flatMap(([kind, hosts]) => hosts.map((host) => [kind, host] as const));
/** Addresses that are not https, whatever they lead to. */
const OTHER_SCHEMES = [
  ...[
    "http://hooks.example/",
    "http://127.0.0.1/",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
  ],
  ...[
    "dict://127.0.0.1:11211/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "//127.0.0.1/",
    "https:127.0.0.1",
    "https:/127.0.0.1",
  ],
  ...["https:\\\\127.0.0.1\\", "ws://127.0.0.1/", "unix:/var/run/docker.sock", "https://", "ldap://127.0.0.1/"],
];

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph({ env: { RATE_LIMIT_PER_MINUTE: "0" } });
});
afterAll(() => server.close());

let orders = 0;
async function orderWith(callbackUrl: string): Promise<string> {
  const query =
    "mutation($input: CreateVirtualCardInput!) { createVirtualCard(input: $input) { order { id } userErrors { code field } } }";
  const variables = { input: { ...orderOf(`ssrf-${++orders}`).input, callbackUrl } };
  return JSON.stringify((await (await server.post({ query, variables })).json()).data);
}
const REFUSED = '{"createVirtualCard":{"order":null,"userErrors":[{"code":"INVALID_INPUT","field":["callbackUrl"]}';

describe("an order whose callbackUrl leads inside is refused, and nothing is placed", () => {
  it.each(KINDS)("%s: %s", async (_kind, host) => {
    for (const address of [`https://${host}/`, `https://${host}:8443/x?y=1`]) {
      expect(await orderWith(address), address).toContain(REFUSED);
      expect(new AddressRules([]).refusalOf(address), address).not.toBeNull();
    }
    expect(server.prepaidify.cardsByOrderNo().size).toBe(0);
  });

  it.each(OTHER_SCHEMES)("another scheme: %s", async (address) => {
    expect(await orderWith(address)).toContain(REFUSED);
    expect(server.prepaidify.cardsByOrderNo().size).toBe(0);
  });

  it("while a public one is taken, so that the others were refused for where they lead", async () => {
    expect(await orderWith("https://[2606:4700:4700::1111]/x")).toContain('"userErrors":[]');
    expect(server.prepaidify.cardsByOrderNo().size).toBe(1);
  });
});

/** What a name server says, first when the order is placed and then each time that something is sent. */
const REBOUND: readonly (readonly [string, readonly string[]])[] = [
  ["loopback", ["127.0.0.1"]],
  ["loopback in IPv6", ["::1"]],
  ["loopback, mapped", ["::ffff:127.0.0.1"]],
  ["loopback through NAT64", ["64:ff9b::7f00:1"]],
  ["where a cloud keeps credentials", ["169.254.169.254"]],
  ["a private network", ["10.0.0.1", "192.168.0.1"]],
  ["this machine, unspecified", ["0.0.0.0"]],
  ["unspecified in IPv6", ["::"]],
  ["a link of its own", ["fe80::1"]],
  ["an address with a zone", ["fe80::1%lo"]],
  ["no address", ["localhost"]],
  ["nothing", []],
];

describe("a name that leads elsewhere once it was checked", () => {
  it.each(REBOUND)("to %s is not connected to", async (_name, later) => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const answers: (readonly string[])[] = [["8.8.8.8"]];
    const resolve: ResolveName = async () => answers.shift() ?? later;
    const rules = new AddressRules([]);
    const url = receiver.url.replace("127.0.0.1", "hooks.example");
    expect(await new PublicCallerAddress(rules, resolve).check(url)).toBeNull();
    const secrets = [new Secret(`whsec_${Buffer.alloc(32, 5).toString("base64")}`)];
    const sender = new WebhookSender({ secrets, rules, resolve, deadlineMs: 5_000, ca: receiver.ca });
    const outcome = await sender.send({ messageId: "msg_1", at: new Date(), url, body: "{}" });
    expect(outcome).toEqual({ kind: "refused_address" });
    expect(receiver.connections()).toBe(0);
  });

  it("is connected to where it was looked up, and is not looked up again", async () => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    let asked = 0;
    // Inside this test loopback stands for what is public; the second answer would be refused.
    const resolve: ResolveName = async () => (++asked === 1 ? ["127.0.0.1"] : ["10.0.0.1"]);
    const secrets = [new Secret(`whsec_${Buffer.alloc(32, 5).toString("base64")}`)];
    const rules = new AddressRules(["127.0.0.0/8"]);
    const sender = new WebhookSender({ secrets, rules, resolve, deadlineMs: 5_000, ca: receiver.ca });
    const url = receiver.url.replace("127.0.0.1", "hooks.example");
    await sender.send({ messageId: "msg_1", at: new Date(), url, body: "{}" });
    expect([asked, receiver.connections()]).toEqual([1, 1]);
  });
});

describe("a subscription that is to be sent to a router", () => {
  const allowed = new CallbackAddresses(["https://router.example/callback", "http://10.1.0.1:4000/callback"]);

  it.each([...KINDS.map(([, host]) => `http://${host}/callback/1`), ...OTHER_SCHEMES])("is not sent to %s", (address) =>
    expect(allowed.allowed(address)).toBeNull());

  it.each([
    ...["https://router.example.evil.example/callback/1", "https://router.example:444/callback/1"],
    ...["https://evil.example/https://router.example/callback/1", "https://router.example@evil.example/callback/1"],
    ...["https://router.example/callback/../admin", "https://router.example/callback/%2e%2e/admin"],
    ...["https://router.example/callback%2f..%2fadmin", "https://router.example\\@evil.example/callback/1"],
    ...[
      "https://router.example/callback-of-others/1",
      "http://router.example/callback/1",
      "http://10.1.0.1/callback/1",
    ],
    ...[
      "http://0xa010001:4001/callback/1",
      "https://router.example./callback/1",
      "https://ROUTER.example.:443/callback",
    ],
  ])("is not sent to %s, which looks like what is allowed", (address) => expect(allowed.allowed(address)).toBeNull());

  it("is sent below what is allowed", () => {
    expect(allowed.allowed("https://router.example/callback/1")).toBe("https://router.example/callback/1");
  });
});

describe("the address of the issuer's keys", () => {
  const env = { ...PREPAIDIFY, AUTH: "jwt", JWT_ISSUER: "https://issuer.example/", JWT_AUDIENCE: "cardgraph" };

  it.each([
    ...[
      "http://issuer.example/keys",
      "http://169.254.169.254/keys",
      "http://10.0.0.1/keys",
      "http://127.0.0.1.example/keys",
    ],
    ...[
      "ftp://issuer.example/keys",
      "file:///etc/passwd",
      "javascript:1",
      "issuer.example/keys",
      "//issuer.example/keys",
    ],
    ...["http://localhost.example/keys", "http://0.0.0.0/keys", "http://[fe80::1]/keys", "data:application/json,{}"],
  ])("may not be %s", (url) => expect(() => read({ ...env, JWT_JWKS_URL: url })).toThrow("JWT_JWKS_URL"));

  it("may be https", () => expect(() => read({ ...env, JWT_JWKS_URL: "https://issuer.example/keys" })).not.toThrow());
});
