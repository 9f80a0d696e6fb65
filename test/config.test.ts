import { globSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Config } from "../src/config.js";
import * as pagsmileConfig from "../src/datasources/pagsmile/config.js";
import * as prepaidifyConfig from "../src/datasources/prepaidify/config.js";
import { REGISTRY } from "../src/datasources/registry.js";
import { faults, names, PAGSMILE, PREPAIDIFY, read } from "./support/environment.js";

const DATA_KEY = Buffer.alloc(32, 1).toString("base64");
const SIGNING_SECRET = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;

describe("an empty environment", () => {
  it("is a loopback server with an embedded database and every provider a sandbox", () => {
    expect(read({})).toEqual({
      host: "127.0.0.1",
      port: 4000,
      publicUrl: null,
      database: { kind: "embedded", dataDir: "./data" },
      dataKeys: [],
      providers: REGISTRY.map((registration) => ({ registration, callbackNetworks: [], account: null })),
      providerTimeoutMs: 10_000,
      reconcileScheduleMs: [5_000, 15_000, 60_000, 300_000],
      unconfirmedReviewAfterMs: 86_400_000,
      followCardsMs: 21_600_000,
      liveOperationsMax: 20_000,
      liveOperationsPerClient: 1_000,
      trustedDocumentsPath: null,
      subscriptionCallbackUrls: [],
      callbackSigningSecrets: [],
      callbackPrivateNetworks: [],
      revealsPerMinute: 30,
      revealInClear: false,
      subgraph: { authDirectives: false },
      introspection: true,
      playground: true,
      rateLimitPerMinute: 6_000,
      spendLimitMinorPerDay: null,
      logLevel: "info",
      auth: { kind: "none" },
      edge: {
        trustedProxies: [],
        corsOrigins: [],
        metricsReaders: { kind: "anybody" },
        connectionsMax: 25_000,
      },
    });
  });

  it("is what empty variables are too", () => {
    const empty = Object.fromEntries(variablesOfSource().map((name) => [name, ""]));
    expect(read(empty)).toEqual(read({}));
  });

  it("cannot be changed once it is read", () => expect(Object.isFrozen(read({}))).toBe(true));
});

describe("a value that is right", () => {
  it("is taken", () => {
    const env = {
      HOST: "0.0.0.0",
      PORT: "0",
      PUBLIC_URL: "https://cards.example/base//",
      DATABASE_URL: "postgresql://user:pw@db/cards",
      PROVIDER_TIMEOUT_MS: "2500",
      RECONCILE_SCHEDULE_MS: "10, 20,30",
      UNCONFIRMED_REVIEW_AFTER_MS: "1000",
      FOLLOW_CARDS_MS: "0",
      RATE_LIMIT_PER_MINUTE: "0",
      SPEND_LIMIT_MINOR_PER_DAY: "500000",
      LIVE_OPERATIONS_MAX: "1000000",
      LIVE_OPERATIONS_PER_CLIENT: "1",
      TRUSTED_DOCUMENTS: "/etc/cards/trusted.json",
      SUBSCRIPTION_CALLBACK_URLS: "https://router.example/callback/, http://10.0.0.7:4000",
      LOG_LEVEL: "silent",
    };
    expect(read(env)).toMatchObject({
      host: "0.0.0.0",
      port: 0,
      publicUrl: "https://cards.example/base",
      database: { kind: "postgres", url: env.DATABASE_URL },
      providerTimeoutMs: 2_500,
      reconcileScheduleMs: [10, 20, 30],
      unconfirmedReviewAfterMs: 1_000,
      followCardsMs: 0,
      rateLimitPerMinute: 0,
      spendLimitMinorPerDay: 500_000,
      liveOperationsMax: 1_000_000,
      liveOperationsPerClient: 1,
      trustedDocumentsPath: "/etc/cards/trusted.json",
      subscriptionCallbackUrls: ["https://router.example/callback/", "http://10.0.0.7:4000"],
      logLevel: "silent",
    });
    const { callbackSigningSecrets, callbackPrivateNetworks } = read({
      CALLBACK_SIGNING_SECRETS: `${SIGNING_SECRET}, whsec_${Buffer.alloc(64, 2).toString("base64")}`,
      CALLBACK_PRIVATE_NETWORKS: "10.0.0.0/8, fd00::/8",
    });
    expect(callbackSigningSecrets.map((secret) => secret.reveal().length)).toEqual([38, 94]);
    expect(callbackPrivateNetworks).toEqual(["10.0.0.0/8", "fd00::/8"]);
    const { dataKeys } = read({ DATA_KEYS: `new-1:${DATA_KEY}, old_1:${Buffer.alloc(32, 2).toString("base64")}` });
    expect(dataKeys.map(({ id, bytes }) => [id, bytes.reveal()[31]])).toEqual([
      ["new-1", 1],
      ["old_1", 2],
    ]);
    expect(read({ DATA_DIR: "/var/lib/cards" }).database).toEqual({ kind: "embedded", dataDir: "/var/lib/cards" });
  });
});

/** For every variable: values at and beyond its bounds that are refused. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  PORT: ["-1", "65536", "4000.5", "4e3", "0x10", "http", " 4000"],
  PUBLIC_URL: [
    "cards.example",
    "ftp://cards.example",
    "https://user:planted@cards.example",
    "https://:planted@cards.example",
    "https://cards.example/?planted=1",
    "https://cards.example/?",
    "https://cards.example/#planted",
    " https://cards.example",
  ],
  DATABASE_URL: ["mysql://planted@db/cards", "postgres://", "db.example"],
  PROVIDER_TIMEOUT_MS: ["9", "120001", "10s"],
  RECONCILE_SCHEDULE_MS: ["0", "5000,", ",", "5000;1", "-1", Array(21).fill("1").join(","), "1.5"],
  UNCONFIRMED_REVIEW_AFTER_MS: ["999", "2592000001", "1d"],
  RATE_LIMIT_PER_MINUTE: ["-1", "10000001", "many"],
  SPEND_LIMIT_MINOR_PER_DAY: ["0", "1000000000001", "10.5", "-1"],
  LIVE_OPERATIONS_MAX: ["0", "1000001", "-1"],
  LIVE_OPERATIONS_PER_CLIENT: ["0", "1000001", "many"],
  SUBSCRIPTION_CALLBACK_URLS: [
    "router.example",
    "ftp://router.example",
    "https://user:planted@router.example",
    "https://router.example/?planted=1",
    "https://router.example/#planted",
    "https://router.example/planted%2f",
    "https://router.example,",
    Array(21).fill("https://router.example").join(","),
  ],
  CALLBACK_SIGNING_SECRETS: [
    "planted",
    "whsec_",
    `whsec_${"A".repeat(31)}`,
    `whsec_${Buffer.alloc(23, 1).toString("base64")}`,
    `whsec_${Buffer.alloc(65, 1).toString("base64")}`,
    `${SIGNING_SECRET},`,
    `${SIGNING_SECRET};${SIGNING_SECRET}`,
    Array(21).fill(SIGNING_SECRET).join(","),
  ],
  DATA_KEYS: [
    "planted",
    Buffer.alloc(32, 1).toString("base64"),
    `k1:${Buffer.alloc(31, 1).toString("base64")}`,
    `k1:${Buffer.alloc(33, 1).toString("base64")}`,
    `k1:${Buffer.alloc(32, 1).toString("base64url")}`,
    `k 1:${DATA_KEY}`,
    `${"k".repeat(33)}:${DATA_KEY}`,
    `k1:${DATA_KEY},`,
    `k1:${DATA_KEY},k1:${Buffer.alloc(32, 2).toString("base64")}`,
  ],
  CALLBACK_PRIVATE_NETWORKS: ["10.0.0.0", "10/8", "10.0.0.0/33", "fd00::/129", "fe80::1%eth0/64", "10.0.0.0/8,"],
  TRUSTED_PROXIES: ["10.0.0.1", "loopback", "0.0.0.0/0", "::/0", "10.0.0.0/33", "10.0.0.0/8;fd00::/8", "*"],
  CORS_ORIGINS: [
    ...["app.example", "https://app.example/", "https://app.example/planted", "https://app.example:443", "null", "*"],
    ...["https://*.app.example", "file://planted", "https://App.example", "https://user@app.example"],
  ],
  METRICS_TOKEN: ["planted", "fifteen-planted", "planted planted planted", "x".repeat(257), "planted-plänted-planted"],
  CONNECTIONS_MAX: ["9", "2000001", "many"],
  PREPAIDIFY_CALLBACK_NETWORKS: ["198.51.100.7", "0.0.0.0/0", "::ffff:198.51.100.0/120"],
  PAGSMILE_CALLBACK_NETWORKS: ["planted.example", "fe80::1%eth0/64"],
  INTROSPECTION: ["yes", "1"],
  PLAYGROUND: ["on", "TRUE"],
  LOG_LEVEL: ["INFO", "verbose"],
  AUTH: ["None", "basic"],
};

describe("a value that is wrong", () => {
  it.each(
    Object.entries(REFUSED).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
  )("%s=%s is refused by name, and its value is not repeated", (name, value) => {
    const error = faults({ [name]: value });
    expect(error.faults.map((fault) => fault.name)).toEqual([name]);
    expect(error.message).not.toContain("planted");
    if (value.length > 11) expect(error.message).not.toContain(value);
  });

  it.each([
    ["PORT", "65535"],
    ["PROVIDER_TIMEOUT_MS", "10"],
    ["PROVIDER_TIMEOUT_MS", "120000"],
    ["UNCONFIRMED_REVIEW_AFTER_MS", "2592000000"],
    ["RECONCILE_SCHEDULE_MS", Array(20).fill("1").join(",")],
  ])("%s=%s is the last that is not", (name, value) => expect(() => read({ [name]: value })).not.toThrow());

  it("is reported together with every other one", () => {
    const env = Object.fromEntries(Object.entries(REFUSED).map(([name, [value]]) => [name, value]));
    const half = { PREPAIDIFY_ACCESS_KEY: "planted", PAGSMILE_APP_ID: "planted" };
    const all = names({ ...env, ...half, NODE_ENV: "production", SANDBOX: "perhaps" });
    expect(new Set(all)).toEqual(
      new Set([
        ...Object.keys(REFUSED),
        "SANDBOX",
        ...["PREPAIDIFY_BASE_URL", "PREPAIDIFY_SECRET_KEY"],
        ...["PAGSMILE_BASE_URL", "PAGSMILE_PARTNER_ID", "PAGSMILE_PUBLIC_KEY", "PAGSMILE_PRIVATE_KEY"],
      ]),
    );
    const lines = faults({ ...env, ...half }).message.split("\n");
    expect(lines[0]).toBe("The configuration is wrong:");
    expect(lines.slice(1).every((line) => /^ {2}[A-Z_]+ \S/.test(line))).toBe(true);
  });

  it("never stands in a message, whatever it is", () => {
    const anyName = fc.constantFrom(...variablesOfSource().filter((name) => !/_KEY$|NODE_ENV/.test(name)));
    const planted = fc.string({ minLength: 1, maxLength: 20 }).map((text) => `planted${text}planted`);
    fc.assert(
      fc.property(anyName, planted, fc.boolean(), (name, value, live) => {
        try {
          read({ ...(live ? { ...PREPAIDIFY, AUTH: "none" } : {}), [name]: value });
        } catch (error) {
          expect(String(error)).not.toContain("planted");
        }
      }),
    );
  });
});

describe("an account", () => {
  const codes = (config: Config): readonly string[] =>
    config.providers.filter(({ account }) => account !== null).map(({ registration }) => registration.code);

  it("makes its provider the real one, and leaves the other a sandbox", () => {
    expect(codes(read({ ...PREPAIDIFY, AUTH: "none" }))).toEqual(["PREPAIDIFY"]);
    expect(codes(read({ ...PAGSMILE, AUTH: "none" }))).toEqual(["PAGSMILE"]);
    expect(codes(read({ ...PAGSMILE, ...PREPAIDIFY, AUTH: "none" }))).toEqual(["PAGSMILE", "PREPAIDIFY"]);
  });

  it.each([...Object.keys(PREPAIDIFY), ...Object.keys(PAGSMILE)])("without %s is an error, not a sandbox", (name) => {
    const env = { ...PREPAIDIFY, ...PAGSMILE, AUTH: "none", [name]: undefined };
    expect(names(env)).toEqual([name]);
    expect(faults(env).message).not.toMatch(/planted|17416782040212001|BEGIN/);
  });

  it("that is half there says at once that it needs authentication too", () => {
    expect(names({ PREPAIDIFY_BASE_URL: "https://card.example", PREPAIDIFY_ACCESS_KEY: "a" })).toEqual([
      "PREPAIDIFY_SECRET_KEY",
      "AUTH",
    ]);
  });

  it("may be missing in production only when the sandbox is asked for", () => {
    expect(names({ NODE_ENV: "production" })).toEqual(["PAGSMILE_BASE_URL", "PREPAIDIFY_BASE_URL"]);
    expect(names({ NODE_ENV: "production", SANDBOX: "false" })).toEqual(["PAGSMILE_BASE_URL", "PREPAIDIFY_BASE_URL"]);
    expect(names({ NODE_ENV: "production", AUTH: "none", ...PAGSMILE })).toEqual(["PREPAIDIFY_BASE_URL"]);
    expect(codes(read({ NODE_ENV: "production", SANDBOX: "true" }))).toEqual([]);
    expect(codes(read({ NODE_ENV: "test" }))).toEqual([]);
    expect(codes(read({ NODE_ENV: "production", AUTH: "none", ...PAGSMILE, ...PREPAIDIFY }))).toHaveLength(2);
  });
});

/** Every variable that the source reads: by its name in config.ts, and by the lists of the providers' folders. */
function variablesOfSource(): readonly string[] {
  const files = globSync("src/config*.ts");
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const own = [...source.matchAll(/\benv\.([A-Z][A-Z_]+)|(?:reader\.\w+\(|\(reader,)\s*"([A-Z][A-Z_]+)"/g)].map(
    ([, member, argument]) => member ?? argument ?? "",
  );
  const accounts = [pagsmileConfig, prepaidifyConfig].flatMap((config) => [
    ...config.REQUIRED_VARIABLES,
    ...config.OPTIONAL_VARIABLES,
  ]);
  const networks = REGISTRY.map(({ code }) => `${code}_CALLBACK_NETWORKS`);
  return [...new Set([...own, ...accounts, ...networks])].sort();
}

describe(".env.example", () => {
  it("is compared with everything that is read", () => {
    expect(variablesOfSource()).toEqual(
      expect.arrayContaining(["HOST", "PORT", "DATABASE_URL", "AUTH", "NODE_ENV", "SANDBOX", "PAGSMILE_APP_ID"]),
    );
    const folders = readdirSync("src/datasources", { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(REGISTRY.map(({ code }) => code.toLowerCase()).sort());
  });

  it("lists every variable that is read, and no other", () => {
    const example = readFileSync(".env.example", "utf8");
    const listed = [...example.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect([...new Set(listed)].sort()).toEqual(variablesOfSource());
  });
});
