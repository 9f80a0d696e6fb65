import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "rolldown/utils";

/** A file as the rules see it: where it is and what it says. */
export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly source: string;
}

/** Every file below the folders, or the files themselves, whose name ends in one of the endings. */
export function filesOf(places: readonly string[], endings: readonly string[]): readonly SourceFile[] {
  return places
    .flatMap((place) =>
      readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
        .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/")),
    )
    .filter((path) => !/(^|\/)(node_modules|dist|generated|\.git)\//.test(path))
    .map((path) => ({ path, source: readFileSync(path, "utf8") }));
}

/** What a file imports: the specifier, and for one of our own files the path of the file it means. */
export interface Import {
  readonly specifier: string;
  /** Path of a file of ours; null for a package or a module of Node. */
  readonly target: string | null;
}

/** All imports of a file: static ones, re-exports, `import()` and the types of `import("...")`. */
export function importsOf({ path, source }: SourceFile): readonly Import[] {
  const { module } = parseSync(path, source);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...[...source.matchAll(/\bimport\(\s*["'`]([^"'`]+)/g)].map(([, specifier = ""]) => specifier),
  ];
  return [...new Set(specifiers)].map((specifier) => ({
    specifier,
    target: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts") : null,
  }));
}

/** A node of the syntax tree, as far as the rules look at it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** The statements of a file, and its comments. */
export function syntaxOf({ path, source }: SourceFile) {
  const { program, comments, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed`);
  return { statements: program.body as unknown as readonly SyntaxNode[], comments };
}

/** Names that a file uses as variables of its own or of the machine; not those of members, keys or labels. */
export function namesUsed(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    if (!isNode(value)) return;
    if (value.type === "Identifier") names.add(String(value.name));
    for (const [member, child] of Object.entries(value)) {
      const isName = member === "property" || (member === "key" && value.type !== "MemberExpression");
      if (!isName || value.computed === true) visit(child);
    }
  };
  visit(syntaxOf(file).statements);
  return names;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}
