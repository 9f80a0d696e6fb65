import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { startCardgraph } from "../support/cardgraph.js";
import { keptInFolder } from "../support/kept-secrets.js";
import { errorsOf, failOnFindings, OutputWatch, type Place, seenBy } from "../support/output-watch.js";
import { secretsKept, secretsShown } from "../support/planted.js";
import { lookThrough } from "../support/watched-run.js";

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "cardgraph-planted-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** What would be a leak, in pieces where this file would otherwise be one. */
const LEAKS: readonly (readonly [string, string])[] = [
  ["an API key", `cgk_${"a".repeat(12)}_${"b".repeat(43)}`],
  ["a token", `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.sig`],
  ["a signing secret", `whsec_${"A".repeat(32)}`],
  ["a private key", `-----BEGIN ${"PRIVATE"} KEY-----`],
  ["a private JWK", `{"kty":"EC","d":"${"x".repeat(43)}"}`],
  ["a bearer token", `authorization: Bearer ${"x".repeat(30)}`],
  ["a card's CVC", '{"cvc":"123"}'],
  ["an e-mail address", "somebody@merchant.example"],
  ["a card number", '{"text":"4111111111111111"}'],
  ["a card number", "5555555555554444"],
  ["what was planted as planted-secret…", "planted-secret-key-3f9c1a7e5b"],
];

const HARMLESS = [
  "order_moved ord_019a7d0e5b8d7cc3a6a44111111111111111",
  '{"time":"2026-01-01T00:00:00.000Z","durationMs":4111111111111}',
  '"requestId":"41111111-1111-4111-8111-111111111111"',
  "4111111111111112",
  "no card number here, and Bearer tokens are refused",
];

describe("what looks for secrets in the output of the tests' servers", () => {
  it.each(LEAKS)("finds %s", (what, text) => {
    expect(secretsShown(`before ${text} after`)).toContain(what);
  });

  it.each(HARMLESS)("finds nothing in %s", (text) => expect(secretsShown(text)).toEqual([]));

  it.each([
    "log",
    "error",
    "metrics",
  ] as const)("fails the whole run for what is in a %s, and does not repeat it", (place: Place) => {
    const found = folder();
    const watch = new OutputWatch(found, () => "some.test.ts");
    watch.take(place, "nothing");
    watch.look();
    expect(() => failOnFindings(found)).not.toThrow();
    const [, key = ""] = LEAKS[0] ?? [];
    watch.take(place, `x ${key}`);
    watch.look();
    expect(() => failOnFindings(found)).toThrow(`an API key in the ${place} of some.test.ts`);
    expect(() => failOnFindings(found)).not.toThrow(key);
    expect(seenBy(found)[place]).toBeGreaterThan(key.length);
  });

  it("takes the errors out of an answer, wherever they are, and leaves what its owner may see", () => {
    const contact = { email: "owner@merchant.example" };
    expect(errorsOf(JSON.stringify({ data: { contact } }))).toBe("");
    const answer = {
      data: { contact, createCardContact: { userErrors: [{ message: "one" }] } },
      errors: [{ message: "two" }],
    };
    expect(errorsOf(JSON.stringify(answer))).toBe('[[{"message":"one"}],[{"message":"two"}]]');
  });

  it("sees what servers log, answer and count in every file of this run", async () => {
    const server = await startCardgraph();
    await server.post({ query: "{ nothing }" });
    await (await fetch(`${server.url}/metrics`)).text();
    await server.close();
    lookThrough();
    expect(seenBy(inject("findingsDir"))).toEqual({
      log: expect.any(Number),
      error: expect.any(Number),
      metrics: expect.any(Number),
    });
  });
});

describe("what looks for secrets in the databases of the tests' servers", () => {
  const own = { cardNumbers: ["4000001234567899"], keys: ["the-key-of-this-server"] };

  it.each([
    ["a card number", "x4000001234567899x"],
    ["a key of ours", "the-key-of-this-server"],
    ["an API key", LEAKS[0]?.[1] ?? ""],
    ["a card's CVC", '{"cvc":"123"}'],
  ])("finds %s between bytes that are no text", (what, text) => {
    const database = folder();
    mkdirSync(join(database, "pg"));
    writeFileSync(
      join(database, "pg", "16384"),
      Buffer.concat([Buffer.alloc(9, 255), Buffer.from(text), Buffer.alloc(9)]),
    );
    expect(keptInFolder(database, own, 0)).toEqual([what]);
    expect(keptInFolder(database, own, Date.now() + 60_000)).toEqual([]);
  });

  it("fails the test whose server has kept one", async () => {
    const server = await startCardgraph();
    writeFileSync(join(server.dataDir, "pg", "leak"), `text ${LEAKS[0]?.[1]}`);
    await expect(server.close()).rejects.toThrow("the database of this server holds an API key");
  });

  it("knows what is kept by its shape", () => expect(secretsKept("nothing of note")).toEqual([]));
});
