/**
 * A place in the program: the statement that is about to be run, or has been.
 * @typedef {object} Point
 * @property {string} name
 * @property {"before" | "after"} phase
 * @property {string} step A regular expression on the statement's text, or `begin`, `commit`, `rollback`.
 * @property {string} [following] A regular expression on the statement before it: tells one commit from another.
 * @property {number} [skip] How often it is passed first (0).
 */

/** What is looked for again and again, and says nothing about where an order is. */
const IDLE = /^with (due|taken)|^select waiting/;

/** Makes the program stand still for ever where a point matches. */
export class Breakpoints {
  #point = null;
  #last = "";
  #announce;

  constructor(announce) {
    this.#announce = announce;
  }

  /** @param {Point | null} point */
  set(point) {
    this.#point = point && {
      name: point.name,
      phase: point.phase,
      step: new RegExp(point.step, "s"),
      following: point.following ? new RegExp(point.following, "s") : null,
      skip: point.skip ?? 0,
    };
    this.#last = "";
  }

  async pass(phase, text) {
    const step = plain(text);
    const point = this.#point;
    const before = this.#last;
    const isStatement = step !== "commit" && step !== "rollback" && step !== "begin";
    if (phase === "before" && isStatement && !IDLE.test(step)) this.#last = step;
    if (!point || point.phase !== phase || !point.step.test(step)) return;
    if (point.following && !point.following.test(before)) return;
    if (point.skip > 0) {
      point.skip -= 1;
      return;
    }
    this.#announce(point.name);
    await new Promise(() => undefined);
  }
}

/** However a statement was written or built, it reads the same. */
function plain(text) {
  return text.replaceAll('"', "").replaceAll(/\s+/g, " ").replaceAll("( ", "(").trim();
}
