import { namesUsed, type SourceFile, syntaxOf } from "./source-file.js";

const MAX_LINES = 300;
const MAX_COLUMNS = 120;
const NAMELESS = /(^|\/)(utils?|helpers?|common|misc|stuff|lib)(\/|\.[^/]*$)/;

/** Names that say nothing. */
export function namelessFiles({ path }: SourceFile): readonly string[] {
  return NAMELESS.test(path) ? [`${path} has a name that says nothing`] : [];
}

/** Files that are too long. */
export function longFiles({ path, source }: SourceFile): readonly string[] {
  const lines = source.replace(/\n$/, "").split("\n").length;
  return lines > MAX_LINES ? [`${path} has ${lines} lines`] : [];
}

/** A line that is one text and nothing else: a sentence for people is not broken, so that it can be searched for. */
const ONE_TEXT = /^\s*(\w+: |[?:] )?(\(?)(["`]).*\3[,;)]*$/;

/** Lines that are too long. */
export function longLines({ path, source }: SourceFile): readonly string[] {
  return source
    .split("\n")
    .flatMap((line, index) =>
      [...line].length > MAX_COLUMNS && !ONE_TEXT.test(line) ? [`${path}:${index + 1} is too long`] : [],
    );
}

/** Default exports: a name that everyone uses is a name that can be searched for. */
export function defaultExports(file: SourceFile): readonly string[] {
  const found = syntaxOf(file).statements.some(
    ({ type, start, end }) =>
      type === "ExportDefaultDeclaration" ||
      (type === "ExportNamedDeclaration" && /\bas default\b/.test(file.source.slice(start, end))),
  );
  return found ? [`${file.path} has a default export`] : [];
}

/** Exported declarations without a docstring right before them. */
export function undocumentedExports(file: SourceFile): readonly string[] {
  const { statements, comments } = syntaxOf(file);
  return statements.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || !statement.declaration) return [];
    const declaration = statement.declaration as { readonly decorators?: readonly { readonly start: number }[] };
    const start = Math.min(statement.start, ...(declaration.decorators ?? []).map((decorator) => decorator.start));
    const before = comments.findLast(({ end }) => end <= start);
    const documented =
      before?.type === "Block" && before.value.startsWith("*") && !file.source.slice(before.end, start).trim();
    const said = before?.value.replaceAll(/[*\s]/g, "").length ?? 0;
    const line = file.source.slice(0, start).split("\n").length;
    return documented && said > 0 ? [] : [`${file.path}:${line} has no docstring`];
  });
}

/** The machine's own globals, outside the one file that may touch them. */
export function globalsTouched(file: SourceFile): readonly string[] {
  const names = namesUsed(file);
  const touched = [...(file.path === "src/main.ts" ? [] : ["process"]), ...["console", "globalThis", "global"]].filter(
    (name) => names.has(name),
  );
  const imported = /from "(node:)?process"/.test(file.source) && file.path !== "src/main.ts" ? ["process"] : [];
  return [...touched, ...imported].map((name) => `${file.path} touches ${name}`);
}

/** Words of the place where this was written, in pieces so that this list is not found by itself. */
const WORKPLACE = new RegExp(
  [
    ["/wo", "rk/"],
    ["/ro", "ot/"],
    ["design", "\\.md"],
    ["style", "\\.md"],
    ["stack", "\\.md"],
    ["\\bcla", "ude\\b"],
    ["anthro", "pic"],
    ["chat", "gpt"],
    ["\\bsub", "agent"],
    ["language ", "model"],
    ["helper ", "session"],
  ]
    .map((pieces) => pieces.join(""))
    .join("|"),
  "i",
);

/** Lines that speak of where and how this was written. */
export function workplaceWords({ path, source }: SourceFile): readonly string[] {
  return source
    .split("\n")
    .flatMap((line, index) => (WORKPLACE.test(line) ? [`${path}:${index + 1} names the workplace`] : []));
}
