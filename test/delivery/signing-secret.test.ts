import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isSigningSecret, SECRET_FILE, secretOf } from "../../src/delivery/signing-secret.js";

const secret = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "cardgraph-secret-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe("a signing secret", () => {
  it.each([24, 25, 32, 64])("may hold %i bytes", (bytes) => expect(isSigningSecret(secret(bytes))).toBe(true));

  it.each([
    ["23 bytes", secret(23)],
    ["65 bytes", secret(65)],
    ["without its prefix", secret(32).slice(6)],
    ["under another prefix", `WHSEC_${secret(32).slice(6)}`],
    ["without padding", secret(32).replace("=", "")],
    ["with a foreign character", secret(33).replace("B", "!")],
    ["with a blank", `${secret(32)} `],
    ["empty", ""],
  ])("may not be %s", (_what, text) => expect(isSigningSecret(text)).toBe(false));
});

describe("the secret of a data folder", () => {
  it("is made once, readable by the owner only, and stays the same", async () => {
    const dataDir = folder();
    const made = await secretOf(dataDir);
    expect(isSigningSecret(made.reveal())).toBe(true);
    expect((await secretOf(dataDir)).reveal()).toBe(made.reveal());
    expect(readFileSync(join(dataDir, SECRET_FILE), "utf8")).toBe(`${made.reveal()}\n`);
    expect(statSync(join(dataDir, SECRET_FILE)).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual([SECRET_FILE]);
    expect(String(made)).not.toContain("whsec_");
  });

  it("is another one in another folder", async () => {
    expect((await secretOf(folder())).reveal()).not.toBe((await secretOf(folder())).reveal());
  });

  it("is made anew when a power loss cut the first writing short", async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, `${SECRET_FILE}.unfinished`), "whsec_");
    expect(isSigningSecret((await secretOf(dataDir)).reveal())).toBe(true);
  });

  it("is not replaced when its file is damaged; that is an error which does not repeat it", async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, SECRET_FILE), "planted");
    const error = await secretOf(dataDir).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("callback-signing-secret in DATA_DIR");
    expect(String(error)).not.toContain("planted");
    expect(readFileSync(join(dataDir, SECRET_FILE), "utf8")).toBe("planted");
  });
});
