import { describe, expect, it } from "vitest";
import { NoCallerAddress, PublicCallerAddress } from "../../src/delivery/caller-address.js";
import { AddressRules } from "../../src/delivery/public-address.js";
import type { ResolveName } from "../../src/delivery/resolve-name.js";

const rules = new AddressRules([]);
const check = (url: string, resolve: ResolveName) => new PublicCallerAddress(rules, resolve).check(url);
const leadsTo =
  (...addresses: readonly string[]): ResolveName =>
  async () =>
    addresses;
const nowhere: ResolveName = async () => {
  throw new Error("the name leads nowhere");
};

describe("an address that a caller orders with", () => {
  it.each([
    ["http://hooks.example", /must begin with https/],
    ["https://localhost/x", /must name a public host/],
    ["https://10.0.0.1/x", /must lead to public addresses/],
  ])("%s is refused by its rule, at its field, without a look-up", async (url, message) => {
    const asked: string[] = [];
    const resolve: ResolveName = async (name) => {
      asked.push(name);
      return [];
    };
    expect(await check(url, resolve)).toEqual({
      code: "INVALID_INPUT",
      message: expect.stringMatching(message),
      field: ["callbackUrl"],
      retryable: false,
      providerCode: null,
    });
    expect(await check("https://[2606:4700::1]/x", resolve)).toBeNull();
    expect(asked).toEqual([]);
  });

  it("passes when every address of its name is public", async () => {
    expect(await check("https://hooks.example", leadsTo("8.8.8.8", "2606:4700::1"))).toBeNull();
  });

  it.each([
    [["10.0.0.1"]],
    [["8.8.8.8", "127.0.0.1"]],
    [["2606:4700::1", "fd00::1"]],
    [["169.254.169.254"]],
    [["::ffff:127.0.0.1"]],
  ])("is refused when its name leads to %j, and is not told where", async (addresses) => {
    const refusal = await check("https://hooks.example", leadsTo(...addresses));
    expect(refusal).toMatchObject({ code: "INVALID_INPUT", field: ["callbackUrl"] });
    expect(refusal?.message).not.toMatch(/\d/);
  });

  it("passes when its name cannot be looked up, because it is checked again before anything is sent", async () => {
    expect(await check("https://hooks.example", nowhere)).toBeNull();
  });

  it("passes when its name is slow, after about a second", async () => {
    const slow: ResolveName = (_name, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const startedMs = performance.now();
    expect(await check("https://hooks.example", slow)).toBeNull();
    expect(performance.now() - startedMs).toBeGreaterThan(900);
  });
});

describe("a server that cannot sign", () => {
  it("refuses every address, and says what it lacks", async () => {
    const refusal = await new NoCallerAddress().check();
    expect(refusal).toMatchObject({ code: "INVALID_INPUT", field: ["callbackUrl"] });
    expect(refusal?.message).toContain("CALLBACK_SIGNING_SECRETS");
  });
});
