import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { OPTIONAL_VARIABLES, REQUIRED_VARIABLES, readAccount } from "../../../src/datasources/pagsmile/config.js";
import { canDecrypt } from "../../../src/datasources/pagsmile/keys.js";
import type { ConfigFault, Environment } from "../../../src/domain/registration.js";

const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
const short = generateKeyPairSync("rsa", { modulusLength: 1024 });
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });

const pem = (key: KeyObject, type: "spki" | "pkcs8" | "pkcs1"): string =>
  String(key.export({ type: type as "pkcs1", format: "pem" }));
const bare = (key: KeyObject, type: "spki" | "pkcs8" | "pkcs1"): string =>
  key.export({ type: type as "pkcs1", format: "der" }).toString("base64");

const UNREADABLE = "must be an RSA public key: PEM text, bare base64 or a file's path";
const UNREADABLE_PRIVATE = "must be an unencrypted RSA private key: PEM text, bare base64 or a file's path";
const PRIVATE = "must be Pagsmile's public key, not a private key";

const FULL: Environment = {
  PAGSMILE_BASE_URL: "https://card-api-sandbox.pagsmile.com",
  PAGSMILE_APP_ID: "17416782040212001",
  PAGSMILE_PARTNER_ID: "17416782040212002",
  PAGSMILE_PUBLIC_KEY: pem(theirs.publicKey, "spki"),
  PAGSMILE_PRIVATE_KEY: pem(ours.privateKey, "pkcs8"),
};

const folder = mkdtempSync(join(tmpdir(), "pagsmile-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function accountOf(changes: Environment = {}) {
  const reading = readAccount({ ...FULL, ...changes });
  if (reading.kind !== "present") throw new Error(`not present: ${JSON.stringify(reading)}`);
  return reading.account;
}

function faultsOf(changes: Environment): readonly ConfigFault[] {
  const reading = readAccount({ ...FULL, ...changes });
  if (reading.kind !== "faulty") throw new Error(`not faulty: ${reading.kind}`);
  return reading.faults;
}

describe("an account", () => {
  it("is absent when none of its variables is set; empty ones count as unset", () => {
    expect(readAccount({})).toEqual({ kind: "absent" });
    expect(readAccount({ PAGSMILE_BASE_URL: "", PAGSMILE_APP_ID: "  ", PAGSMILE_CALLBACK_TOKEN: "" })).toEqual({
      kind: "absent",
    });
  });

  it("is present when all required ones are, with the defaults of the others", () => {
    expect(accountOf()).toMatchObject({
      baseUrl: "https://card-api-sandbox.pagsmile.com",
      appId: "17416782040212001",
      partnerId: "17416782040212002",
      subPartnerId: null,
      apiVersion: "2.0",
      rsaPadding: "pkcs1",
      callbackToken: null,
    });
  });

  it("takes the switches", () => {
    const account = accountOf({
      PAGSMILE_BASE_URL: "http://127.0.0.1:8080/pagsmile",
      PAGSMILE_SUB_PARTNER_ID: "sub-1",
      PAGSMILE_API_VERSION: "1.0",
      PAGSMILE_CALLBACK_TOKEN: "sixteen-chars_ok",
      PAGSMILE_RSA_PADDING: "oaep",
    });
    expect(account).toMatchObject({ subPartnerId: "sub-1", apiVersion: "1.0", rsaPadding: "oaep" });
    expect(account.callbackToken?.reveal()).toBe("sixteen-chars_ok");
  });

  it("prints none of its secrets", () => {
    const account = accountOf({ PAGSMILE_CALLBACK_TOKEN: "sixteen-chars_ok" });
    const printed = inspect(account, { depth: 9 }) + JSON.stringify(account);
    expect(printed).not.toContain("sixteen-chars_ok");
    expect(account.privateKey).toBeInstanceOf(Object);
    expect(inspect(account.privateKey)).toBe("[redacted]");
  });

  it.each(REQUIRED_VARIABLES)("that is complete but for %s is one fault, about that variable", (name) => {
    const rule = "must be set, because other variables of the Pagsmile account are";
    expect(faultsOf({ [name]: undefined })).toEqual([{ name, rule }]);
    expect(faultsOf({ [name]: "" })).toEqual([{ name, rule }]);
  });

  it("that is all wrong is all its faults at once", () => {
    const wrong = Object.fromEntries([...REQUIRED_VARIABLES, ...OPTIONAL_VARIABLES].map((name) => [name, "! !"]));
    expect(faultsOf(wrong).map(({ name }) => name)).toEqual(
      expect.arrayContaining([...REQUIRED_VARIABLES, ...OPTIONAL_VARIABLES]),
    );
    expect(JSON.stringify(faultsOf(wrong))).not.toContain("! !");
  });

  it.each([
    ["PAGSMILE_BASE_URL", "ftp://example.com"],
    ["PAGSMILE_BASE_URL", "card-api.pagsmile.com"],
    ["PAGSMILE_BASE_URL", "https://user:hunter2@example.com"],
    ["PAGSMILE_BASE_URL", "https://example.com/?x=1"],
    ["PAGSMILE_APP_ID", "17 41"],
    ["PAGSMILE_PARTNER_ID", "x".repeat(65)],
    ["PAGSMILE_SUB_PARTNER_ID", "a/b"],
    ["PAGSMILE_API_VERSION", "two"],
    ["PAGSMILE_CALLBACK_TOKEN", "fifteen-chars-x"],
    ["PAGSMILE_CALLBACK_TOKEN", "sixteen/chars/no"],
    ["PAGSMILE_CALLBACK_TOKEN", "x".repeat(65)],
    ["PAGSMILE_RSA_PADDING", "none"],
  ])("with %s=%s has a fault that names the variable and not the value", (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults.map((fault) => fault.name)).toEqual([name]);
    expect(faults[0]?.rule).toMatch(/^must /);
    expect(faults[0]?.rule).not.toContain(value);
  });
});

describe("a key", () => {
  const publicPem = pem(theirs.publicKey, "spki");
  const privatePem = pem(ours.privateKey, "pkcs8");

  it.each([
    ["PEM", publicPem],
    ["PEM with the line breaks spelt out", publicPem.replaceAll("\n", "\\n")],
    ["PEM on one line", publicPem.replaceAll("\n", " ")],
    ["PKCS#1 PEM", pem(theirs.publicKey, "pkcs1")],
    ["bare base64", bare(theirs.publicKey, "spki")],
    ["bare base64 on many lines", bare(theirs.publicKey, "spki").replace(/.{64}/g, "$&\n")],
    ["bare PKCS#1 base64", bare(theirs.publicKey, "pkcs1")],
    ["a file with PEM", file("public.pem", publicPem)],
    ["a file with bare base64", file("public.txt", `${bare(theirs.publicKey, "spki")}\n`)],
  ])("of theirs may be given as %s", (_how, text) => {
    expect(accountOf({ PAGSMILE_PUBLIC_KEY: text }).publicKey.equals(theirs.publicKey)).toBe(true);
  });

  it.each([
    ["PEM", privatePem],
    ["PEM with the line breaks spelt out", privatePem.replaceAll("\n", "\\n")],
    ["PKCS#1 PEM", pem(ours.privateKey, "pkcs1")],
    ["bare base64", bare(ours.privateKey, "pkcs8")],
    ["bare PKCS#1 base64", bare(ours.privateKey, "pkcs1")],
    ["a file with PEM", file("private.pem", privatePem)],
  ])("of ours may be given as %s", (_how, text) => {
    expect(accountOf({ PAGSMILE_PRIVATE_KEY: text }).privateKey.reveal().equals(ours.privateKey)).toBe(true);
  });

  const encrypted = String(
    ours.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }),
  );
  it.each([
    ["PAGSMILE_PUBLIC_KEY", "hunter2", UNREADABLE],
    ["PAGSMILE_PUBLIC_KEY", join(folder, "no-such-file"), UNREADABLE],
    ["PAGSMILE_PUBLIC_KEY", folder, UNREADABLE],
    ["PAGSMILE_PUBLIC_KEY", file("big.pem", publicPem + " ".repeat(70_000)), UNREADABLE],
    ["PAGSMILE_PUBLIC_KEY", publicPem.slice(0, 200), UNREADABLE],
    ["PAGSMILE_PUBLIC_KEY", bare(theirs.publicKey, "spki").slice(0, 300), UNREADABLE],
    ["PAGSMILE_PUBLIC_KEY", pem(theirs.privateKey, "pkcs8"), PRIVATE],
    ["PAGSMILE_PUBLIC_KEY", bare(theirs.privateKey, "pkcs8"), PRIVATE],
    [
      "PAGSMILE_PUBLIC_KEY",
      pem(ours.publicKey, "spki"),
      "must be Pagsmile's key, not the public half of PAGSMILE_PRIVATE_KEY",
    ],
    ["PAGSMILE_PUBLIC_KEY", pem(short.publicKey, "spki"), "must be an RSA key of at least 2048 bits"],
    ["PAGSMILE_PUBLIC_KEY", pem(curve.publicKey, "spki"), "must be an RSA key"],
    ["PAGSMILE_PRIVATE_KEY", "hunter2", UNREADABLE_PRIVATE],
    ["PAGSMILE_PRIVATE_KEY", pem(ours.publicKey, "spki"), UNREADABLE_PRIVATE],
    ["PAGSMILE_PRIVATE_KEY", encrypted, UNREADABLE_PRIVATE],
    ["PAGSMILE_PRIVATE_KEY", pem(short.privateKey, "pkcs8"), "must be an RSA key of at least 2048 bits"],
    ["PAGSMILE_PRIVATE_KEY", pem(curve.privateKey, "pkcs8"), "must be an RSA key"],
  ])("in %s that will not do is one fault with its rule (%#)", (name, value, rule) => {
    expect(faultsOf({ [name]: value })).toEqual([{ name, rule }]);
  });

  it("is tried once with the padding: a Node.js that refuses PKCS#1 v1.5 shows at start-up", () => {
    expect(canDecrypt(ours.privateKey, "pkcs1")).toBe(true);
    expect(canDecrypt(ours.privateKey, "oaep")).toBe(true);
    const refusing = (): never => {
      throw new TypeError("RSA_PKCS1_PADDING is no longer supported for private decryption");
    };
    expect(canDecrypt(ours.privateKey, "pkcs1", refusing)).toBe(false);
    expect(canDecrypt(ours.privateKey, "pkcs1", () => Buffer.from("something else"))).toBe(false);
  });
});
