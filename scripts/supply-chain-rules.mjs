// What is asked of everything that this server is made of. Pure functions: each returns its faults, one line each.
import satisfies from "spdx-satisfies";

/** Licences that anybody may ship in a product of their own, without giving away its source. */
export const ALLOWED_LICENCES = [
  ...[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "PSF-2.0",
    "Python-2.0",
  ],
  "Unlicense",
];

const EXACT = /^\d+\.\d+\.\d+(-[\w.-]+)?$/;
const DEPENDENCIES = ["dependencies", "devDependencies", "optionalDependencies", "overrides"];

/**
 * Versions that leave room for another one.
 * @param {Readonly<Record<string, any>>} manifest A `package.json`.
 */
export function loosePins(manifest) {
  const entries = DEPENDENCIES.flatMap((section) => Object.entries(manifest[section] ?? {}));
  return entries.filter(([, version]) => !EXACT.test(version)).map(([name]) => `${name} is not pinned to one version`);
}

/**
 * Packages whose content the lock file does not tell.
 * @param {{ packages: Readonly<Record<string, any>> }} lock A `package-lock.json`.
 */
export function unsealedPackages(lock) {
  const sealed = ({ integrity, link }) => link || /^sha512-/.test(integrity ?? "");
  return installed(lock)
    .filter(([, entry]) => !sealed(entry))
    .map(([path]) => `${path} has no SHA-512 in the lock file`);
}

/**
 * Packages that bring an install script which nobody has decided about, and decisions about none.
 * @param {{ packages: Readonly<Record<string, any>> }} lock
 * @param {Readonly<Record<string, boolean>>} decisions `allowScripts` of the `package.json`.
 */
export function undecidedScripts(lock, decisions) {
  const names = new Set(
    installed(lock).flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? nameOf(path) : [])),
  );
  const open = [...names]
    .filter((name) => !(name in decisions))
    .map((name) => `${name} has an undecided install script`);
  const idle = Object.keys(decisions).filter((name) => !names.has(name));
  return [...open, ...idle.map((name) => `${name} has no install script to decide about`)];
}

/**
 * Packages that reach users: what some packages need, and what these need, by their paths in the lock file.
 * @param {{ packages: Readonly<Record<string, any>> }} lock
 * @param {readonly string[]} roots Names of packages that the product itself imports.
 * @returns {ReadonlyMap<string, any>}
 */
export function shippedPackages({ packages }, roots) {
  const found = new Map();
  const visit = (name, from) => {
    const path = resolve(packages, name, from);
    if (path === null || found.has(path)) return;
    const entry = packages[path];
    found.set(path, entry);
    const { dependencies, peerDependencies, peerDependenciesMeta: peers, optionalDependencies } = entry;
    const wanted = Object.keys(peerDependencies ?? {}).filter((peer) => !peers?.[peer]?.optional);
    for (const needed of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...wanted]) visit(needed, path);
  };
  for (const root of roots) visit(root, "");
  return found;
}

/**
 * What ships under a licence that is not one of {@link ALLOWED_LICENCES}, or under none.
 * @param {ReadonlyMap<string, any>} shipped From {@link shippedPackages}.
 */
export function foreignLicences(shipped) {
  return [...shipped].flatMap(([path, { license }]) =>
    isAllowed(license) ? [] : `${nameOf(path)} has ${license ? `the licence ${license}` : "no licence"}`,
  );
}

/** Where Node.js finds a package: beside the one that asks, or in a folder above. Null: it is not installed. */
function resolve(packages, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (path in packages) return path;
    if (folder === "") return null;
  }
}

function isAllowed(expression) {
  try {
    return satisfies(expression, ALLOWED_LICENCES);
  } catch {
    return false;
  }
}

function installed({ packages }) {
  return Object.entries(packages).filter(([path]) => path !== "");
}

/** A package's name, from its path in the lock file. */
export function nameOf(path) {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}
