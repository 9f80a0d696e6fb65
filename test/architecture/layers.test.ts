import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { circles, forbiddenImports, layerOf, strayPackages } from "./layers.js";
import { filesOf, importsOf } from "./source-file.js";

const SOURCES = filesOf(["src"], [".ts"]);

describe("the files of the server", () => {
  it("are there, and each is in a part that there is a rule for", () => {
    expect(SOURCES.length).toBeGreaterThan(50);
    for (const { path } of SOURCES) expect(() => layerOf(path)).not.toThrow();
  });

  it("import only what their part may import", () => expect(SOURCES.flatMap(forbiddenImports)).toEqual([]));

  it("import a package only where it is at home", () => expect(SOURCES.flatMap(strayPackages)).toEqual([]));

  it("import each other in no circle", () => expect(circles(SOURCES)).toEqual([]));

  it("import files that exist, by the name that Node will know them by", () => {
    const own = SOURCES.flatMap((file) => importsOf(file).filter(({ target }) => target !== null));
    expect(own.filter(({ specifier }) => !specifier.endsWith(".js"))).toEqual([]);
    expect(own.filter(({ target }) => !existsSync(target ?? ""))).toEqual([]);
  });
});

/** One file that may not import the other, for every part and every way around it. */
const FORBIDDEN = [
  ["src/domain/a.ts", "../schema/b.js"],
  ["src/domain/a.ts", "../config.js"],
  ["src/schema/a.ts", "../services/b.js"],
  ["src/schema/a.ts", "../resolvers/b.js"],
  ["src/resolvers/a.ts", "../store/b.js"],
  ["src/resolvers/a.ts", "../http/b.js"],
  ["src/resolvers/a.ts", "../datasources/prepaidify/b.js"],
  ["src/services/a.ts", "../store/b.js"],
  ["src/services/a.ts", "../datasources/prepaidify/client.js"],
  ["src/services/a.ts", "../telemetry/logger.js"],
  ["src/store/a.ts", "../services/b.js"],
  ["src/datasources/rest-datasource.ts", "./prepaidify/client.js"],
  ["src/datasources/pagsmile/a.ts", "../prepaidify/crypto.js"],
  ["src/datasources/pagsmile/sandbox/a.ts", "../../prepaidify/crypto.js"],
  ["src/datasources/pagsmile/a.ts", "../registry.js"],
  ["src/datasources/pagsmile/a.ts", "../../telemetry/logger.js"],
  ["src/datasources/registry.ts", "../store/b.js"],
  ["src/http/a.ts", "../resolvers/b.js"],
  ["src/http/a.ts", "../store/b.js"],
  ["src/telemetry/a.ts", "../services/b.js"],
  ["src/delivery/a.ts", "../store/b.js"],
  ["src/delivery/a.ts", "../services/b.js"],
  ["src/services/a.ts", "../delivery/b.js"],
  ["src/federation/a.ts", "../domain/b.js"],
  ["src/federation/a.ts", "../resolvers/b.js"],
  ["src/http/a.ts", "../federation/b.js"],
  ["src/domain/a.ts", "../../test/support/cardgraph.js"],
] as const;

const ALLOWED = [
  ["src/domain/a.ts", "./b.js"],
  ["src/schema/a.ts", "../domain/b.js"],
  ["src/resolvers/a.ts", "../services/b.js"],
  ["src/resolvers/a.ts", "../federation/b.js"],
  ["src/datasources/pagsmile/sandbox/a.ts", "../crypto.js"],
  ["src/datasources/pagsmile/a.ts", "../rest-datasource.js"],
  ["src/datasources/registry.ts", "./pagsmile/index.js"],
  ["src/http/a.ts", "../schema/index.js"],
  ["src/app.ts", "./store/database.js"],
  ["src/config.ts", "./store/database.js"],
] as const;

describe("the rule on imports", () => {
  const spellings = (specifier: string) => [
    `import { b } from "${specifier}";`,
    `import type { B } from "${specifier}";`,
    `export { b } from "${specifier}";`,
    `export * from "${specifier}";`,
    `const b = await import("${specifier}");`,
    `type B = import("${specifier}").B;`,
  ];

  it.each(FORBIDDEN)("does not let %s import %s, however it is written", (path, specifier) => {
    for (const source of spellings(specifier)) expect(forbiddenImports({ path, source })).toHaveLength(1);
  });

  it.each(ALLOWED)("lets %s import %s", (path, specifier) => {
    for (const source of spellings(specifier)) expect(forbiddenImports({ path, source })).toEqual([]);
  });

  it("refuses a folder that nobody has decided about", () => {
    expect(() => layerOf("src/lib/a.ts")).toThrow("no part");
    expect(() => layerOf("src/other.ts")).toThrow("no part");
    expect(() => layerOf("src/datasources/other.ts")).toThrow("no part");
  });
});

describe("the rule on packages", () => {
  it.each([
    ["src/datasources/prepaidify/client.ts", "got"],
    ["src/http/server.ts", "got"],
    ["src/services/worker.ts", "kysely"],
    ["src/app.ts", "pg"],
    ["src/resolvers/a.ts", "kysely/migration"],
    ["src/main.ts", "@electric-sql/pglite"],
    ["src/services/a.ts", "type-graphql"],
    ["src/domain/a.ts", "ipaddr.js"],
    ["src/http/a.ts", "standardwebhooks"],
    ["src/domain/a.ts", "node:fs"],
    ["src/domain/a.ts", "pino"],
    ["src/resolvers/a.ts", "@graphql-tools/utils"],
  ])("does not let %s import %s", (path, name) => {
    expect(strayPackages({ path, source: `import { x } from "${name}";` })).toEqual([`${path} imports ${name}`]);
  });

  it.each([
    ["src/datasources/rest-datasource.ts", "got"],
    ["src/store/database.ts", "pg"],
    ["src/domain/ids.ts", "uuid"],
    ["src/services/a.ts", "node:crypto"],
  ])("lets %s import %s", (path, name) => {
    expect(strayPackages({ path, source: `import { x } from "${name}";` })).toEqual([]);
  });
});

describe("the rule on circles", () => {
  const file = (path: string, ...specifiers: readonly string[]) => ({
    path,
    source: specifiers.map((specifier) => `import type { X } from "${specifier}";`).join("\n"),
  });

  it("finds a long one and a short one", () => {
    const ring = [file("src/a.ts", "./b.js"), file("src/b.ts", "./c.js"), file("src/c.ts", "./a.js")];
    expect(circles(ring)).toEqual(["src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts"]);
    expect(circles([file("src/a.ts", "./a.js")])).toEqual(["src/a.ts -> src/a.ts"]);
  });

  it("finds none where two ways lead to one file", () => {
    const diamond = [file("src/a.ts", "./b.js", "./c.js"), file("src/b.ts", "./d.js"), file("src/c.ts", "./d.js")];
    expect(circles([...diamond, file("src/d.ts")])).toEqual([]);
  });
});
