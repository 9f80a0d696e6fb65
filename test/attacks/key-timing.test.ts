import crypto from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newApiKey } from "../../src/auth/api-key.js";
import { ApiKeys } from "../../src/auth/api-keys.js";
import { isSameSecret } from "../../src/datasources/prepaidify/crypto.js";
import type { ApiKeyRecord } from "../../src/domain/api-key.js";

/** `npm run security` takes many more samples, and keeps what was measured. */
const SAMPLES = Number(process.env.TIMING_SAMPLES ?? 200);
const RESULT = process.env.TIMING_RESULT;

const originals = { timingSafeEqual: crypto.timingSafeEqual, createHash: crypto.createHash };
/** What was done since it was last emptied: each hash, and each comparison with the lengths that were compared. */
const steps: string[] = [];

/** Lets every import of `node:crypto` go past `steps`, here and in the code that is looked at. */
function watchCrypto(): void {
  crypto.timingSafeEqual = (left, right) => {
    steps.push(`compared ${left.byteLength} and ${right.byteLength} bytes`);
    return originals.timingSafeEqual(left, right);
  };
  crypto.createHash = (name, options) => {
    steps.push(`hashed by ${name}`);
    return originals.createHash(name, options);
  };
  syncBuiltinESMExports();
}

function leaveCrypto(): void {
  Object.assign(crypto, originals);
  syncBuiltinESMExports();
}

const { id, text, secretHash } = newApiKey();
const right = text.reveal();
const record: ApiKeyRecord = {
  ...{ id, secretHash, tenant: "acme", label: "a test", scopes: ["cards:read"], expiresAt: null },
  ...{ createdAt: new Date(0), revokedAt: null },
};
const keys = new ApiKeys(
  {
    byId: async (asked) => (asked === id ? record : null),
    create: async () => undefined,
    list: async () => [],
    revoke: async () => false,
  },
  { now: () => new Date(0) },
);

/** A key whose secret has this many characters in common with the right one, from its beginning. */
function sharing(characters: number): string {
  const secret = right.slice(-43);
  const next = secret[characters] === "A" ? "B" : "A";
  return `cgk_${id}_${(secret.slice(0, characters) + next).padEnd(43, next === "A" ? "B" : "A")}`;
}

const KINDS: Readonly<Record<string, string>> = {
  "a wrong secret that shares nothing": sharing(0),
  "a wrong secret that shares 10 characters": sharing(10),
  "a wrong secret that shares 21 characters": sharing(21),
  "a wrong secret that shares 42 of 43 characters": sharing(42),
  "an id that there is not": `cgk_${id.split("").reverse().join("")}_${right.slice(-43)}`,
};

const refuse = (key: string): Promise<unknown> => keys.authenticate(`Bearer ${key}`).catch(() => null);

describe("a wrong API key", () => {
  beforeAll(watchCrypto);
  afterAll(leaveCrypto);

  it.each([
    ...Object.entries(KINDS),
    ["the right one", right],
  ])("is hashed once and compared once, over the whole hash: %s", async (_name, key) => {
    steps.length = 0;
    await refuse(key);
    expect(steps).toEqual(["hashed by sha256", "compared 32 and 32 bytes"]);
  });

  it("and a callback's secret is compared by its hash, however long what is sent", () => {
    for (const presented of ["", "x", "x".repeat(64), "the secret of the account"]) {
      steps.length = 0;
      isSameSecret(presented, "the secret of the account");
      expect(steps).toEqual(["hashed by sha256", "hashed by sha256", "compared 32 and 32 bytes"]);
    }
  });

  it.each([
    "src/auth/api-keys.ts",
    "src/auth/api-key.ts",
    "src/datasources/pagsmile/callback.ts",
    "src/datasources/prepaidify/crypto.ts",
  ])("is compared in no other way in %s", (path) => {
    expect(readFileSync(path, "utf8")).not.toMatch(
      /(?:[sS]ecret|[hH]ash|[sS]ignature|presented)\w* ?[!=]==? ?\w*(?:[sS]ecret|[hH]ash|expected)/,
    );
  });
});

/** How long each kind takes to be refused, in nanoseconds: what one in ten is below, the median, one in ten above. */
async function measure(): Promise<Readonly<Record<string, readonly number[]>>> {
  const kinds = Object.entries(KINDS);
  const taken = new Map(kinds.map(([name]) => [name, [] as number[]]));
  for (let turn = 0; turn < SAMPLES; turn += 1) {
    // Each turn begins with another kind, so that none always follows the same one.
    for (let nth = 0; nth < kinds.length; nth += 1) {
      const [name = "", key = ""] = kinds[(turn + nth) % kinds.length] ?? [];
      const from = process.hrtime.bigint();
      await refuse(key);
      taken.get(name)?.push(Number(process.hrtime.bigint() - from));
    }
  }
  return Object.fromEntries(
    [...taken].map(([name, all]) => {
      const sorted = all.sort((left, other) => left - other);
      return [name, [0.1, 0.5, 0.9].map((part) => sorted[Math.floor(part * sorted.length)] ?? 0)];
    }),
  );
}

describe("the time of a refusal", () => {
  it("is measured in turns for every kind of wrong key, and kept where it is asked for", async () => {
    await measure();
    const table = await measure();
    expect(Object.keys(table)).toEqual(Object.keys(KINDS));
    if (RESULT) writeFileSync(RESULT, `${JSON.stringify({ samples: SAMPLES, table }, null, 2)}\n`);
  });
});
