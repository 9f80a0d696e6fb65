import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { nameOf, shippedPackages } from "./supply-chain-rules.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const IMPORT = /(?:from|import) "(@[\w.-]+\/[\w.-]+|[\w-][\w.-]*)/g;

/** Packages that the server needs, and those that are built into the playground's page, by their paths. */
export function shipped() {
  const { dependencies } = readJson("package.json");
  return shippedPackages(readJson("package-lock.json"), [...Object.keys(dependencies), ...pageImports()]);
}

/**
 * Everything that ships, as the lock file has it: a CycloneDX bill of materials. `npm sbom --omit=dev` knows nothing of
 * what is built into the page, and leaves out packages that development needs as well.
 */
export function billOfMaterials() {
  const { name, version, license } = readJson("package.json");
  const components = [...shipped()].map(([path, entry]) => componentOf(nameOf(path), entry));
  const unique = new Map(components.map((component) => [component["bom-ref"], component]));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name, version, licenses: [{ license: { id: license } }] } },
    components: [...unique.values()].sort((one, other) => (one["bom-ref"] < other["bom-ref"] ? -1 : 1)),
  };
}

function componentOf(name, { version, license, integrity }) {
  return {
    type: "library",
    "bom-ref": `${name}@${version}`,
    name,
    version,
    hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex") }],
    licenses: [{ expression: license }],
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  };
}

function pageImports() {
  const texts = globSync("playground/src/**/*.{ts,tsx}", { cwd: ROOT }).map((file) =>
    readFileSync(`${ROOT}/${file}`, "utf8"),
  );
  const names = texts.flatMap((text) => [...text.matchAll(IMPORT)].map(([, name]) => name));
  return [...new Set(names)].filter((name) => !isBuiltin(name));
}

function readJson(name) {
  return JSON.parse(readFileSync(`${ROOT}/${name}`, "utf8"));
}
