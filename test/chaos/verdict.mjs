import { isClean, FINDINGS as OF_ORDERS } from "./judge.mjs";

const FINDINGS = {
  ...OF_ORDERS,
  lostRows: "promised rows lost",
  unopened: "databases that did not open",
  missing: "events that did not come",
  outOfOrder: "subscribers who saw something else",
};

/**
 * Whether a step ended as it must: the product without a finding, a control with one.
 * @param {"must-hold" | "must-fail"} expect
 * @param {object} result
 */
export function isAsExpected(expect, { findings, crashes = [], faultsFound = [], failedAsItMust, idle }) {
  if (expect === "must-fail") return failedAsItMust ?? findings.duplicates > 0;
  return idle === undefined && isSound({ findings, crashes, faultsFound });
}

function isSound({ findings, crashes = [], faultsFound = [] }) {
  return isClean(findings) && crashes.length === 0 && faultsFound.length === 0;
}

/**
 * What the terminal shows of a step.
 * @returns {readonly string[]}
 */
export function linesOf({ title, ok, seconds, orders, findings, states = {}, note, skipped, ...result }, { paint }) {
  if (skipped) return [`${paint("yellow", "skip")} ${title}: ${skipped}`];
  const mark = ok ? paint("green", "ok  ") : paint("red", "FAIL");
  const wrong = Object.entries(findings).filter(([, count]) => count > 0);
  const found = wrong.map(([name, count]) => `${count} × ${FINDINGS[name] ?? name}`).join(", ") || "nothing wrong";
  const ended = Object.entries(states).map(([name, count]) => `${count} ${name}`);
  const facts = [`${orders} orders`, ...ended].join(", ");
  const first = `${mark} ${title}: ${[facts, found, ...(note ? [note] : [])].join("; ")} (${seconds} s)`;
  if (ok) return [first];
  const { examples = [], crashes = [], faultsFound = [], idle = [] } = result;
  return [first, ...[...examples, ...crashes, ...faultsFound].concat(idle).map((line) => `       ${line}`)];
}

/**
 * The last line, and whether the run is a success.
 * @param {readonly object[]} results
 * @param {number} seconds
 */
export function verdictOf(results, seconds) {
  const failed = (expectation) =>
    results.filter(({ expect, ok, skipped }) => expect === expectation && !ok && !skipped);
  const titles = (steps) => steps.map(({ title }) => title).join("; ");
  const broken = failed("must-hold").filter((step) => !isSound(step));
  const idle = [...failed("must-fail"), ...failed("must-hold").filter(isSound)];
  if (broken.length > 0) return { text: `BROKEN: ${titles(broken)} (${seconds} s)`, ok: false };
  if (idle.length > 0) {
    return {
      text: `VOID: a control did well, or the machine was too busy, so nothing is shown: ${titles(idle)} (${seconds} s)`,
      ok: false,
    };
  }
  const held = results.filter(({ expect, skipped }) => expect === "must-hold" && !skipped);
  const skipped = results.filter((step) => step.skipped);
  const orders = held.reduce((sum, step) => sum + step.orders, 0);
  const controls = results.filter(({ expect }) => expect === "must-fail").length;
  const notRun = skipped.length > 0 ? `; SKIPPED: ${titles(skipped)}` : "";
  return {
    text: `HELD: ${orders} orders, nothing wrong; ${controls} controls failed as they must${notRun} (${seconds} s)`,
    ok: true,
  };
}
