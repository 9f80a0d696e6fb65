import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";

type Faults = readonly string[];
type Lock = { readonly packages: Readonly<Record<string, object>> };
type Shipped = ReadonlyMap<string, { readonly license?: string }>;

interface Rules {
  loosePins(manifest: object): Faults;
  unsealedPackages(lock: Lock): Faults;
  undecidedScripts(lock: Lock, decisions: Readonly<Record<string, boolean>>): Faults;
  shippedPackages(lock: Lock, roots: readonly string[]): Shipped;
  foreignLicences(shipped: Shipped): Faults;
}

interface Bill {
  shipped(): Shipped;
  billOfMaterials(): { readonly components: readonly { readonly name: string; readonly purl: string }[] };
}

let rules: Rules;
let bill: Bill;
beforeAll(async () => {
  rules = await import(new URL("../../scripts/supply-chain-rules.mjs", import.meta.url).href);
  bill = await import(new URL("../../scripts/bill-of-materials.mjs", import.meta.url).href);
});

const MANIFESTS = ["package.json", "bench/peers/package.json"].filter((path) => existsSync(path));
const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const locked = (packages: Lock["packages"]): Lock => ({ packages });

describe.each(MANIFESTS)("%s", (path) => {
  it("pins every package to one version", () => expect(rules.loosePins(readJson(path))).toEqual([]));

  it("has the SHA-512 of every package in its lock file", () => {
    expect(rules.unsealedPackages(readJson(path.replace(/\.json$/, "-lock.json")))).toEqual([]);
  });

  it("installs nothing with a script that nobody has decided about, and npm fails where it would", () => {
    const lock = readJson(path.replace(/\.json$/, "-lock.json"));
    expect(rules.undecidedScripts(lock, readJson(path).allowScripts)).toEqual([]);
    expect(readFileSync(path.replace("package.json", ".npmrc"), "utf8")).toMatch(/^strict-allow-scripts=true$/m);
  });
});

describe("what ships", () => {
  it("may be shipped", () => expect(rules.foreignLicences(bill.shipped())).toEqual([]));

  it("is listed once each in the bill of materials, the page's packages too", () => {
    const { components } = bill.billOfMaterials();
    const names = components.map(({ name }) => name);
    const { dependencies } = readJson("package.json");
    expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), "react", "graphiql", "graphql"]));
    expect(names).not.toContain("vitest");
    expect(new Set(components.map(({ purl }) => purl)).size).toBe(components.length);
  });
});

describe("the rules notice", () => {
  it.each([
    "^1.0.0",
    "~1.0.0",
    "*",
    "latest",
    ">=1",
    "1.x",
    "git+ssh://host/one.git",
    "",
  ])("a version %o", (version) => {
    expect(rules.loosePins({ devDependencies: { one: version } })).toEqual(["one is not pinned to one version"]);
  });

  it("a package without a hash, or with a weak one", () => {
    const packages = { "": {}, "node_modules/one": {}, "node_modules/two": { integrity: "sha1-AAAA" } };
    expect(rules.unsealedPackages(locked(packages))).toHaveLength(2);
  });

  it("an install script deep down, and a decision about none", () => {
    const lock = locked({ "": {}, "node_modules/one/node_modules/@deep/two": { hasInstallScript: true } });
    expect(rules.undecidedScripts(lock, { gone: false })).toEqual([
      "@deep/two has an undecided install script",
      "gone has no install script to decide about",
    ]);
    expect(rules.undecidedScripts(lock, { "@deep/two": false })).toEqual([]);
  });

  it.each([
    "AGPL-3.0",
    "Elastic-2.0",
    "(MIT AND GPL-3.0)",
    "SEE LICENSE IN x",
    undefined,
  ])("a licence %o", (license) => {
    const lock = locked({ "node_modules/one": { license } });
    expect(rules.foreignLicences(rules.shippedPackages(lock, ["one"]))).toHaveLength(1);
  });

  it("but none that gives a choice", () => {
    const lock = locked({ "node_modules/one": { license: "(GPL-3.0 OR MIT)" } });
    expect(rules.foreignLicences(rules.shippedPackages(lock, ["one"]))).toEqual([]);
  });

  it("what is needed by what is needed, where Node.js would find it, and nothing else", () => {
    const lock = locked({
      "node_modules/one": { dependencies: { two: "1" }, peerDependencies: { peer: "1", extra: "1" } },
      "node_modules/one/node_modules/two": { dependencies: { three: "1" } },
      "node_modules/two": {},
      "node_modules/three": {},
      "node_modules/peer": {},
      "node_modules/tool": {},
    });
    const paths = [...rules.shippedPackages(lock, ["one"]).keys()].sort();
    expect(paths).toEqual([
      "node_modules/one",
      "node_modules/one/node_modules/two",
      "node_modules/peer",
      "node_modules/three",
    ]);
  });
});
