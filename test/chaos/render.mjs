import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ATTACKS, FAULT_NAMES } from "./faults.mjs";

/** Where the figures are kept. */
export const FIGURES = "docs/reliability.json";
const DOCUMENT = "docs/reliability.md";
/** What mutation testing has found. */
const MUTATION = "docs/mutation.json";
const STATES = ["COMPLETED", "FAILED", "NEEDS_REVIEW"];

/** The tables of the document by their names: each is made of the figures alone. */
const TABLES = {
  run: ({ seed, mode, seconds, node, postgres, cores, results }) => {
    const orders = sum(heldOf(results).map((step) => step.orders));
    const minutes = Math.round(seconds / 60);
    const parts =
      mode === "mixed" ? "Its parts were run one after another, some in a smaller form;" : `This was the ${mode} form;`;
    const form = mode === "full" ? "" : ` ${parts} the full one attacks more than 25,000 orders.`;
    const machine = `${minutes} minutes on ${cores} cores, Node.js ${node}, PostgreSQL ${postgres}`;
    return `Seed ${seed}, ${machine}: ${thousands(orders)} orders.${form}`;
  },
  verdict: ({ results }) =>
    table(
      ["what", "orders", "second cards", "lost", "untrue", "wrong card", "forgotten", "stuck", "never answered"],
      heldOf(results)
        .filter(({ states }) => states)
        .map(({ title, orders, findings: found }) => [
          title,
          thousands(orders),
          found.duplicates + (found.strangers ?? 0),
          found.lost,
          found.failedWithCard + found.completedWithoutCard + found.takenBack + (found.falseComfort ?? 0),
          found.wrongCard + found.unheardCard + found.doubtedCard,
          found.forgotten ?? "–",
          found.stuck,
          found.unanswered,
        ]),
    ),
  controls: ({ results }) =>
    table(
      ["control", "orders or rows", "what it did wrong"],
      results
        .filter(({ expect }) => expect === "must-fail")
        .map(({ title, orders, findings }) => [title, thousands(orders), namedFindings(findings)]),
    ),
  faults: ({ results }) => {
    const steps = suite(results, "matrix");
    const total = (name, state) => sum(steps.map(({ faults }) => faults[name]?.[state] ?? 0));
    return table(
      ["fault", "orders", ...STATES],
      FAULT_NAMES.map((name) => [name, ...["orders", ...STATES].map((state) => thousands(total(name, state)))]),
    );
  },
  forged: ({ results }) => {
    const steps = suite(results, "matrix");
    const rows = ATTACKS.map((attack) => {
      const answers = {};
      for (const { forged } of steps) {
        for (const [status, count] of Object.entries(forged[attack] ?? {}))
          answers[status] = (answers[status] ?? 0) + count;
      }
      const told = Object.entries(answers).map(
        ([status, count]) => `${status === "0" ? "none" : status}: ${thousands(count)}`,
      );
      return [attack, thousands(sum(Object.values(answers))), told.join(", ")];
    });
    return table(["forged callback", "sent", "answers by status"], rows);
  },
  points: ({ results }) => {
    const byDatabase = Map.groupBy(suite(results, "points"), ({ database }) => database);
    const kills = [...byDatabase.values()].map((steps) => Object.assign({}, ...steps.map((step) => step.kills)));
    return table(
      ["killed when", ...byDatabase.keys()],
      Object.keys(kills[0] ?? {}).map((name) => [name, ...kills.map((counts) => counts[name] ?? 0)]),
    );
  },
  database: ({ results }) =>
    table(
      ["kill", "served again after, in milliseconds"],
      suite(results, "database").flatMap(({ recoveriesMs = [] }) => recoveriesMs.map((ms, index) => [index + 1, ms])),
    ),
  power: ({ results }) => {
    const step = suite(results, "power").find(({ rounds }) => rounds);
    if (!step) return "";
    const { count, acknowledged, writes, syncs, droppedWrites, tornWrites, droppedNames } = step.rounds;
    return table(
      ["power losses", "acknowledgements checked", "writes", "fsyncs", "writes lost", "writes torn", "names lost"],
      [[count, acknowledged, writes, syncs, droppedWrites, tornWrites, droppedNames].map(thousands)],
    );
  },
  limit: ({ results }) =>
    table(
      [
        "claim",
        "orders",
        "rest on another's card",
        "of these, neither order was told of its own",
        "show one, for a person",
        "wait for a person beside a card of their own",
      ],
      suite(results, "twins").map(({ title, orders, limit }) => [
        title,
        thousands(orders),
        limit.wrongCard + limit.unheardCard,
        limit.unheardCard,
        limit.doubtedCard,
        limit.forgotten,
      ]),
    ),
  mutation: () => {
    const { total, files } = JSON.parse(readFileSync(MUTATION, "utf8"));
    const row = (name, { killed, survived, score }) => [name, thousands(killed + survived), thousands(killed), score];
    const rows = Object.entries(files).map(([path, file]) => row(`\`${path}\``, file));
    return table(["module", "mutants", "noticed", "percent"], [...rows, row("all of them", total)]);
  },
  subscriptions: ({ results }) =>
    table(
      [
        "database",
        "over",
        "subscribers",
        "orders followed",
        "events due",
        "events missing",
        "KiB in use each",
        "KiB of the process each",
      ],
      suite(results, "subscriptions").flatMap(({ database, groups, residentKib }) =>
        groups.map(({ transport, subscribers, orders, due, missing, kibPerSubscriber }) => [
          database,
          transport,
          ...[subscribers, orders, due, missing, kibPerSubscriber, residentKib].map(thousands),
        ]),
      ),
    ),
};

/**
 * The document with every marked place filled from the figures.
 * @param {string} text
 * @param {object} figures
 * @returns {string}
 */
export function rendered(text, figures) {
  return text.replace(/<!-- figures: (\w+) -->\n[\s\S]*?<!-- end -->/g, (_, name) => {
    const make = TABLES[name];
    if (!make) throw new Error(`there is no table ${name}`);
    return `<!-- figures: ${name} -->\n\n${make(figures)}\n\n<!-- end -->`;
  });
}

/** Writes the document anew from the figures that are there. */
export function refresh() {
  writeFileSync(DOCUMENT, rendered(readFileSync(DOCUMENT, "utf8"), JSON.parse(readFileSync(FIGURES, "utf8"))));
}

/** Writes the figures of a run, and the document from them. */
export function record(figures) {
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(DOCUMENT, rendered(readFileSync(DOCUMENT, "utf8"), figures));
}

function heldOf(results) {
  return results.filter(({ expect, orders, limit }) => expect === "must-hold" && orders > 0 && !limit);
}

function suite(results, name) {
  return results.filter((step) => step.suite === name);
}

function namedFindings(findings) {
  const names = {
    duplicates: "second cards",
    failedWithCard: "FAILED with a live card",
    lostRows: "promised rows lost",
  };
  const more = {
    completedWithoutCard: "COMPLETED without a card",
    takenBack: "words taken back",
    unopened: "did not open",
  };
  const known = {
    ...names,
    ...more,
    wrongCard: "wrong cards",
    unheardCard: "wrong cards that nobody contradicted",
    doubtedCard: "doubted cards",
    strangers: "cards of numbers never sent",
    falseComfort: "told that nothing was spent beside a live card",
    forgotten: "forgotten",
    stuck: "stuck",
    lost: "lost",
    unanswered: "never answered",
  };
  const wrong = Object.entries(findings).filter(([, count]) => count > 0);
  return wrong.map(([name, count]) => `${thousands(count)} ${known[name]}`).join(", ");
}

function table(head, rows) {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...texts.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const [first, ...rest] = texts;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}

function thousands(number) {
  return Number(number).toLocaleString("en-US");
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) refresh();
