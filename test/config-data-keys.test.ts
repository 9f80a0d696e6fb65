import { describe, expect, it } from "vitest";
import { names, PREPAIDIFY, read } from "./support/environment.js";

const DATA_KEY = Buffer.alloc(32, 1).toString("base64");

describe("the keys of personal data", () => {
  const DATABASE_URL = "postgres://db/cards";
  const live = { ...PREPAIDIFY, AUTH: "none", DATABASE_URL };

  it("are required with PostgreSQL, in production, once an account is real", () => {
    expect(names({ ...live, NODE_ENV: "production", SANDBOX: "true" })).toEqual(["DATA_KEYS"]);
    expect(
      read({ ...live, NODE_ENV: "production", SANDBOX: "true", DATA_KEYS: `k1:${DATA_KEY}` }).dataKeys,
    ).toHaveLength(1);
  });

  it.each([
    ["outside production", live],
    ["with sandboxes alone", { DATABASE_URL, NODE_ENV: "production", SANDBOX: "true" }],
    ["with the embedded database", { ...PREPAIDIFY, AUTH: "none", NODE_ENV: "production", SANDBOX: "true" }],
  ])("may be missing %s", (_where, env) => expect(read(env).dataKeys).toEqual([]));

  it("are never printed", () => {
    expect(JSON.stringify(read({ DATA_KEYS: `k1:${DATA_KEY}` }))).not.toContain(DATA_KEY);
  });
});
