import { describe, expect, it } from "vitest";
import { readAccount } from "../../../src/datasources/prepaidify/config.js";
import type { Environment } from "../../../src/domain/registration.js";

const WHOLE = {
  PREPAIDIFY_BASE_URL: "https://sbx-card-api.prepaidify.com",
  PREPAIDIFY_ACCESS_KEY: "access",
  PREPAIDIFY_SECRET_KEY: "top-secret-value",
};

function faultsOf(env: Environment): readonly string[] {
  const reading = readAccount(env);
  return reading.kind === "faulty" ? reading.faults.map((fault) => fault.name) : [];
}

describe("the account in the environment", () => {
  it("is present with its three required variables, the rest at its default", () => {
    const reading = readAccount(WHOLE);
    if (reading.kind !== "present") throw new Error(reading.kind);
    expect(reading.account).toMatchObject({
      baseUrl: "https://sbx-card-api.prepaidify.com",
      accessKey: "access",
      defaultEmail: null,
      cardRangesPath: "/open/api/card/vd/list",
      reverseSignQuery: true,
      dedupesOrders: false,
      callbackToken: null,
    });
    expect(reading.account.secretKey.reveal()).toBe("top-secret-value");
  });

  it("takes the optional variables, and plain http", () => {
    const reading = readAccount({
      ...WHOLE,
      PREPAIDIFY_BASE_URL: "http://127.0.0.1:8080/prefix",
      PREPAIDIFY_DEFAULT_EMAIL: "ops@example.com",
      PREPAIDIFY_CARD_RANGES_PATH: "/open/api/v1/rest/card/vd/list",
      PREPAIDIFY_REVERSE_SIGN_QUERY: "false",
      PREPAIDIFY_DEDUPES_ORDERS: "true",
    });
    expect(reading).toMatchObject({
      account: {
        defaultEmail: "ops@example.com",
        cardRangesPath: "/open/api/v1/rest/card/vd/list",
        reverseSignQuery: false,
        dedupesOrders: true,
      },
    });
  });

  it("takes the end of an address for events of the whole account, and keeps it to itself", () => {
    const reading = readAccount({ ...WHOLE, PREPAIDIFY_CALLBACK_TOKEN: "sixteen-chars_ok" });
    if (reading.kind !== "present") throw new Error(reading.kind);
    expect(reading.account.callbackToken?.reveal()).toBe("sixteen-chars_ok");
    expect(JSON.stringify(reading)).not.toContain("sixteen-chars_ok");
  });

  it.each([
    "fifteen-chars-x",
    "sixteen/chars/no",
    "sixteen chars no",
    "x".repeat(65),
  ])("refuses the end of an address that can be guessed or is no part of one: %j", (token) =>
    expect(faultsOf({ ...WHOLE, PREPAIDIFY_CALLBACK_TOKEN: token })).toEqual(["PREPAIDIFY_CALLBACK_TOKEN"]));

  it("is absent when none of the required variables is set, whatever else is", () => {
    expect(readAccount({})).toEqual({ kind: "absent" });
    expect(readAccount({ PREPAIDIFY_DEFAULT_EMAIL: "ops@example.com", PREPAIDIFY_DEDUPES_ORDERS: "maybe" })).toEqual({
      kind: "absent",
    });
    expect(readAccount({ PREPAIDIFY_BASE_URL: "", PREPAIDIFY_ACCESS_KEY: "", PREPAIDIFY_SECRET_KEY: "" })).toEqual({
      kind: "absent",
    });
  });

  it("names every missing variable of half an account, an empty one included", () => {
    expect(faultsOf({ PREPAIDIFY_SECRET_KEY: "s", PREPAIDIFY_ACCESS_KEY: "" })).toEqual([
      "PREPAIDIFY_BASE_URL",
      "PREPAIDIFY_ACCESS_KEY",
    ]);
  });

  it.each([
    ["PREPAIDIFY_BASE_URL", "ftp://card.example"],
    ["PREPAIDIFY_BASE_URL", "card.example"],
    ["PREPAIDIFY_BASE_URL", "https://user:pass@card.example"],
    ["PREPAIDIFY_BASE_URL", "https://card.example/?a=b"],
    ["PREPAIDIFY_BASE_URL", "https://card.example/#a"],
    ["PREPAIDIFY_ACCESS_KEY", "two words"],
    ["PREPAIDIFY_ACCESS_KEY", "line\nbreak"],
    ["PREPAIDIFY_ACCESS_KEY", "a".repeat(257)],
    ["PREPAIDIFY_SECRET_KEY", "ends with a blank "],
    ["PREPAIDIFY_SECRET_KEY", "line\nbreak"],
    ["PREPAIDIFY_SECRET_KEY", "s".repeat(1025)],
    ["PREPAIDIFY_DEFAULT_EMAIL", "nobody"],
    ["PREPAIDIFY_DEFAULT_EMAIL", "jürgen@example.com"],
    ["PREPAIDIFY_CARD_RANGES_PATH", "open/api"],
    ["PREPAIDIFY_CARD_RANGES_PATH", "/open/api?x=1"],
    ["PREPAIDIFY_CARD_RANGES_PATH", "//card.example/open"],
    ["PREPAIDIFY_REVERSE_SIGN_QUERY", "yes"],
    ["PREPAIDIFY_DEDUPES_ORDERS", "TRUE"],
  ])("refuses %s = %j", (name, value) => {
    expect(faultsOf({ ...WHOLE, [name]: value })).toEqual([name]);
  });

  it("reports all faults at once and repeats no value", () => {
    const bad = {
      PREPAIDIFY_BASE_URL: "ftp://planted",
      PREPAIDIFY_ACCESS_KEY: "planted key",
      PREPAIDIFY_SECRET_KEY: "",
    };
    const reading = readAccount({ ...bad, PREPAIDIFY_DEDUPES_ORDERS: "planted" });
    expect(reading).toMatchObject({ kind: "faulty", faults: { length: 4 } });
    expect(JSON.stringify(reading)).not.toContain("planted");
  });

  it("prints no secret", () => {
    expect(JSON.stringify(readAccount(WHOLE))).not.toContain("top-secret-value");
  });
});
