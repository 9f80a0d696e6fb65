import { keyOf, POINTS, ROWS } from "./ledger.mjs";

/** The page with every marked place filled from the figures. */
export function renderedPage(text, figures) {
  return text.replace(/<!-- figures: (\w+) -->\n[\s\S]*?<!-- end -->/g, (_all, name) => {
    const make = TABLES[name];
    if (!make) throw new Error(`there is no table ${name}`);
    return `<!-- figures: ${name} -->\n\n${make(figures)}\n\n<!-- end -->`;
  });
}

const attacksOf = (list) => (figures) =>
  Object.entries(POINTS)
    .filter(([, of]) => of === list)
    .map(([point]) => {
      const rows = ROWS.filter((one) => one.point === point);
      const cells = rows.map((one) => [
        one.attack,
        thousands(figures.cases[keyOf(one)]),
        one.result,
        `\`${one.test}\``,
      ]);
      return `### ${point}\n\n${table(["attack", "cases tried", "result", "test"], cells)}`;
    })
    .join("\n\n");

const TABLES = {
  total: ({ cases }) => {
    const keys = [...new Set(ROWS.map(keyOf))];
    const files = new Set(ROWS.map(({ test }) => test));
    // A row without a name of its own counts a whole file, of which another row may count a part.
    const whole = new Set(ROWS.filter(({ name }) => name === "").map(({ test }) => test));
    const counted = keys.filter((key) => !(key.includes(" > ") && whole.has(key.split(" > ")[0])));
    return `${thousands(counted.reduce((sum, key) => sum + cases[key], 0))} cases in ${files.size} test files.`;
  },
  cheat: attacksOf("cheat"),
  api: attacksOf("api"),
  fuzz: ({ fuzz }) => {
    const { requests, seed, families, answers, faults, grownBytes } = fuzz;
    const grown = `${Math.round(grownBytes / 1_048_576)} MiB`;
    return [
      `${thousands(requests)} requests, seed ${seed}: **${faults} faults of the server.** The heap grew by ${grown} over the last three quarters.`,
      table(["family", "requests"], sorted(families)),
      table(
        ["first error of the answer", "answers"],
        sorted(answers).map(([code, count]) => [code === "no error" ? code : `\`${code}\``, count]),
      ),
    ].join("\n\n");
  },
  timing: ({ timing }) =>
    `Microseconds, ${thousands(timing.samples)} samples of each, in turns:\n\n${table(
      ["wrong key", "one in ten is quicker than", "median", "one in ten is slower than"],
      Object.entries(timing.table).map(([name, times]) => [name, ...times.map((ns) => (ns / 1_000).toFixed(1))]),
    )}`,
};

const sorted = (counts) =>
  Object.entries(counts)
    .sort(([, left], [, right]) => right - left)
    .map(([name, count]) => [name, thousands(count)]);

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function thousands(number) {
  return Number(number).toLocaleString("en-US");
}
