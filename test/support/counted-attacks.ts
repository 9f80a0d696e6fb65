import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { afterAll } from "vitest";

/** A test or a group of tests, as far as it is counted. */
interface Task {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly tasks?: readonly Task[];
  readonly filepath?: string;
}

const PAGE = "docs/security.json";

/** The full names of all tests in a group, as Vitest prints them, and whether each is to be run. */
function testsIn({ tasks = [] }: Task, before = ""): readonly { readonly name: string; readonly runs: boolean }[] {
  return tasks.flatMap((task) => {
    const name = before === "" ? task.name : `${before} > ${task.name}`;
    return task.type === "suite" ? testsIn(task, name) : [{ name, runs: task.mode !== "skip" }];
  });
}

/** Checks that a file runs as many cases of each attack as the page on security says. */
export function checkCount(file: Task, cases: Readonly<Record<string, number>>): void {
  const path = relative(".", file.filepath ?? "");
  const tests = testsIn(file);
  // Somebody runs a part of the file.
  if (tests.some(({ runs }) => !runs)) return;
  for (const [key, said] of Object.entries(cases)) {
    const [test, ...rest] = key.split(" > ");
    if (test !== path) continue;
    const run = tests.filter(({ name }) => name.startsWith(rest.join(" > "))).length;
    if (run !== said) throw new Error(`${PAGE} says ${said} cases of "${key}", and there are ${run}: npm run security`);
  }
}

// Where the page is being written, what it says is not asked.
if (existsSync(PAGE)) {
  const { cases } = JSON.parse(readFileSync(PAGE, "utf8"));
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern that no fixture is wanted.
  afterAll(({}, file) => checkCount(file, cases));
}
