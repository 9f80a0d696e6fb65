import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesOf, type SourceFile } from "./source-file.js";
import {
  defaultExports,
  globalsTouched,
  longFiles,
  longLines,
  namelessFiles,
  undocumentedExports,
  workplaceWords,
} from "./tidiness.js";

const SOURCES = filesOf(["src"], [".ts"]);
const TESTS = filesOf(["test"], [".ts"]);
const EXAMPLES = filesOf(["examples"], [".ts", ".tsx"]);
const TEXTS = filesOf(
  ["src", "test", "docs", "scripts", "playground/src", "bench", "examples"].filter((folder) => existsSync(folder)),
  [".ts", ".tsx", ".mjs", ".md", ".graphql", ".css", ".html", ".yml"],
);
const PAGES = readdirSync(".")
  .filter((name) => name.endsWith(".md") || name === ".env.example")
  .map((path) => ({ path, source: readFileSync(path, "utf8") }));

const ALL = [...SOURCES, ...TESTS, ...EXAMPLES];
/** A tool's configuration is exported as the tool wants it. */
const isOurs = ({ path }: SourceFile): boolean => !path.endsWith("/vite.config.ts");

const file = (source: string, path = "src/domain/a.ts"): SourceFile => ({ path, source });

describe("every source file", () => {
  it("has a name that says what it holds", () => expect(ALL.flatMap(namelessFiles)).toEqual([]));
  it("has at most 300 lines", () => expect(ALL.flatMap(longFiles)).toEqual([]));
  it("has lines of at most 120 columns", () => expect(ALL.flatMap(longLines)).toEqual([]));
  it("has no default export", () => expect(ALL.filter(isOurs).flatMap(defaultExports)).toEqual([]));
  it("documents what it exports", () => expect([...SOURCES, ...EXAMPLES].flatMap(undocumentedExports)).toEqual([]));
  it("touches neither process nor console", () => expect(SOURCES.flatMap(globalsTouched)).toEqual([]));
  it("says nothing of where it was written", () => expect([...TEXTS, ...PAGES].flatMap(workplaceWords)).toEqual([]));
});

describe("the rule on names", () => {
  it.each([
    "src/utils.ts",
    "src/domain/util.ts",
    "test/helpers.ts",
    "src/helpers/card.ts",
    "src/http/common.ts",
  ])("refuses %s", (path) => expect(namelessFiles(file("", path))).toHaveLength(1));
  it.each(["src/domain/card.ts", "src/domain/utility-bill.ts", "test/support/setup.ts"])("accepts %s", (path) =>
    expect(namelessFiles(file("", path))).toEqual([]));
});

describe("the rules on length", () => {
  it("accept 300 lines and refuse 301", () => {
    expect(longFiles(file("x\n".repeat(300)))).toEqual([]);
    expect(longFiles(file("x\n".repeat(301)))).toHaveLength(1);
  });

  it("accept 120 columns and refuse 121, however many bytes they are", () => {
    expect(longLines(file(`// ${"é".repeat(117)}\n`))).toEqual([]);
    expect(longLines(file(`\n// ${"x".repeat(118)}`))).toEqual(["src/domain/a.ts:2 is too long"]);
  });

  it("let one long sentence stand on a line of its own, and nothing beside it", () => {
    const sentence = `"${"word ".repeat(30)}"`;
    expect(longLines(file(`  description: ${sentence},\n    ${sentence},\n`))).toEqual([]);
    expect(longLines(file(`const text = call(${sentence}, more);`))).toHaveLength(1);
  });
});

describe("the rule on default exports", () => {
  it.each([
    "export default 1;",
    "export default class {}",
    "const a = 1; export { a as default };",
  ])("refuses %s", (source) => expect(defaultExports(file(source))).toHaveLength(1));
  it("accepts a named one", () => expect(defaultExports(file("export const a = 1;"))).toEqual([]));
});

describe("the rule on docstrings", () => {
  it.each([
    "export const a = 1;",
    "// A remark.\nexport const a = 1;",
    "/* A remark. */\nexport interface A {}",
    "/** Of something else. */\nconst b = 1;\nexport type A = 1;",
    "/** */\nexport function a() {}",
    "/** Above the decorator's target only. */\nconst x = 1;\n@Thing()\nexport class A {}",
  ])("refuses %j", (source) => expect(undocumentedExports(file(source))).toHaveLength(1));

  it.each([
    "/** One. */\nexport const a = 1;",
    "/**\n * One.\n */\nexport async function a() {}",
    "/** One. */\n@Thing()\nexport class A {}",
    'export { b } from "./b.js";',
    "const a = 1;",
  ])("accepts %j", (source) => expect(undocumentedExports(file(source))).toEqual([]));
});

describe("the rule on globals", () => {
  it.each([
    "process.exit(1);",
    "const { env } = process;",
    "if (typeof process === 'object') f();",
    'import { env } from "node:process";',
    "console.log(1);",
    "const log = console;",
    "globalThis.process.exit();",
  ])("refuses %s", (source) => expect(globalsTouched(file(source))).not.toEqual([]));

  it.each([
    "job.process();",
    "const a = { process: 1 };",
    "// process.exit\n",
    'const a = "console.log";',
  ])("accepts %s", (source) => expect(globalsTouched(file(source))).toEqual([]));

  it("lets main.ts have the process, but not the console", () => {
    expect(globalsTouched(file("process.exit(1);", "src/main.ts"))).toEqual([]);
    expect(globalsTouched(file("console.log(1);", "src/main.ts"))).toHaveLength(1);
  });
});

describe("the rule on the workplace", () => {
  it.each([
    "see /wo".concat("rk/shared"),
    "as DESIGN".concat(".md says"),
    "written by Cla".concat("ude"),
  ])("refuses %s", (source) => expect(workplaceWords(file(source))).toHaveLength(1));
  it("accepts a reworked network", () => expect(workplaceWords(file("reworked network/route"))).toEqual([]));
});
