import { importsOf, type SourceFile } from "./source-file.js";

/** The parts of the server, and a provider's folder each by its own name. */
type Layer =
  | "domain"
  | "schema"
  | "federation"
  | "resolvers"
  | "services"
  | "store"
  | "rest-datasource"
  | "registry"
  | "http"
  | "telemetry"
  | "delivery"
  | "auth"
  | "sealing"
  | "environment"
  | "config"
  | "config-auth"
  | "config-edge"
  | "config-data-keys"
  | "app"
  | "operator"
  | "app-auth"
  | "app-delivery"
  | "app-providers"
  | "app-sealing"
  | "app-services"
  | "main"
  | `provider ${string}`;

/** Who may import whom besides itself. Only `app` with its parts, `main` and `config` see everything. */
const MAY_IMPORT: Readonly<Record<string, readonly (Layer | "provider")[]>> = {
  domain: [],
  schema: ["domain"],
  // How a schema joins a supergraph is the same for any schema: it knows nothing of ours.
  federation: [],
  resolvers: ["federation", "schema", "services", "domain"],
  services: ["domain"],
  store: ["domain"],
  "rest-datasource": ["domain"],
  provider: ["rest-datasource", "domain"],
  registry: ["provider", "domain"],
  http: ["services", "domain", "schema"],
  telemetry: ["domain"],
  // Secrets that are made here are kept in files in one way.
  delivery: ["sealing", "domain"],
  auth: ["domain"],
  sealing: ["domain"],
  environment: ["domain"],
};
const ABOVE: readonly Layer[] = [
  "config",
  "config-auth",
  "config-edge",
  "config-data-keys",
  "app",
  "app-auth",
  "app-delivery",
  "app-providers",
  "app-sealing",
  "app-services",
  "operator",
  "main",
];

/** The part that a file of `src` belongs to; throws for a place that nobody has decided about. */
export function layerOf(path: string): Layer {
  const [, first = "", second = "", ...rest] = path.replace(/\.ts$/, "").split("/");
  if (first === "datasources") {
    if (rest.length > 0) return `provider ${second}`;
    if (second === "rest-datasource" || second === "registry") return second;
  } else if (second === "" ? [...ABOVE, "environment"].includes(first) : first in MAY_IMPORT) {
    return first as Layer;
  }
  throw new Error(`${path} is in no part of the server that there is a rule for`);
}

/** Imports of our own files that the file may not have. */
export function forbiddenImports(file: SourceFile): readonly string[] {
  const from = layerOf(file.path);
  if (ABOVE.includes(from)) return [];
  const allowed = MAY_IMPORT[from.startsWith("provider ") ? "provider" : from] ?? [];
  return importsOf(file).flatMap(({ target }) => {
    if (target === null) return [];
    const to = target.startsWith("src/") ? layerOf(target) : null;
    const fits = to !== null && (to === from || allowed.some((layer) => layer === to.replace(/^(provider) .*/, "$1")));
    // One provider is never the "provider" that another one may import.
    const rival = from.startsWith("provider ") && to?.startsWith("provider ") && to !== from;
    return fits && !rival ? [] : [`${file.path} imports ${target}`];
  });
}

/** Packages that only one place may know, each with that place. */
const AT_HOME: readonly (readonly [package_: RegExp, home: RegExp])[] = [
  [/^got(\/|$)/, /^src\/datasources\/rest-datasource\.ts$/],
  [/^(kysely|pg|@electric-sql\/pglite)(\/|$)/, /^src\/store\//],
  [/^node:sqlite$/, /^src\/store\//],
  [/^(fastify|@fastify\/.*|@apollo\/.*|helmet)(\/|$)/, /^src\/http\//],
  [/^(type-graphql|graphql-scalars)$/, /^src\/(schema|resolvers)\//],
  [/^@graphql-tools\//, /^src\/federation\//],
  [/^class-validator$/, /^src\/(schema\/(inputs|[\w-]+\.rule)|resolvers\/validate)\.ts$/],
  // What it may be given to compile is decided in one place.
  [/^graphql-jit$/, /^src\/http\/compiled-queries\.ts$/],
  // Who sends too much is refused where requests come in.
  [/^rate-limiter-flexible$/, /^src\/http\//],
  // Tokens are checked with it, and card secrets sealed.
  [/^jose$/, /^src\/(auth|sealing)\//],
  [/^standardwebhooks$/, /^src\/delivery\//],
  // Addresses are told apart where requests come in and where events go out.
  [/^ipaddr\.js$/, /^src\/(delivery|http)\//],
  [/^pino$/, /^src\/(telemetry\/|app\.ts$)/],
];
/** What the domain may take from outside: pure functions only. */
const DOMAIN_PACKAGES = ["node:crypto", "node:util", "uuid"];

/** Imports of packages that have their home elsewhere. */
export function strayPackages(file: SourceFile): readonly string[] {
  const packages = importsOf(file).filter(({ target }) => target === null);
  const stray = packages.filter(({ specifier }) => {
    if (file.path.startsWith("src/domain/")) return !DOMAIN_PACKAGES.includes(specifier);
    return AT_HOME.some(([name, home]) => name.test(specifier) && !home.test(file.path));
  });
  return stray.map(({ specifier }) => `${file.path} imports ${specifier}`);
}

/** Circles of imports, each as the files on its way; types count, because they tie files together just as much. */
export function circles(files: readonly SourceFile[]): readonly string[] {
  const targets = new Map(files.map((file) => [file.path, importsOf(file).flatMap(({ target }) => target ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) return void found.push([...way.slice(at), path].join(" -> "));
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return found;
}
