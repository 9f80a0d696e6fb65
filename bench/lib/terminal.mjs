import { stripVTControlCharacters, styleText } from "node:util";

/**
 * A place to write to: a terminal with one line at the bottom that changes, or a file or pipe with plain lines.
 * @typedef {object} Screen
 * @property {boolean} isLive Whether there is a line that changes.
 * @property {(style: import("node:util").InspectColor | import("node:util").InspectColor[], text: string) => string} paint
 *   Colours a text where colours are wanted.
 * @property {(text?: string) => void} line Writes a line that stays.
 * @property {(text: string) => void} status Replaces the line that changes; nothing where there is none.
 * @property {() => void} clear Takes away the line that changes.
 */

const CLEAR_LINE = "\r\u001b[2K";

/**
 * Wraps an output stream. Colours need a terminal and an unset `NO_COLOR`.
 * @param {NodeJS.WriteStream} stream
 * @returns {Screen}
 */
export function openScreen(stream = process.stdout) {
  const isLive = stream.isTTY === true && process.env.TERM !== "dumb";
  const isColoured = isLive && !process.env.NO_COLOR;
  let hasStatus = false;
  const clear = () => {
    if (hasStatus) stream.write(CLEAR_LINE);
    hasStatus = false;
  };
  return {
    isLive,
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
    line: (text = "") => {
      clear();
      stream.write(`${text}\n`);
    },
    status: (text) => {
      if (!isLive) return;
      stream.write(CLEAR_LINE + cut(text, (stream.columns || 80) - 1));
      hasStatus = true;
    },
    clear,
  };
}

/**
 * A bar of a fixed width, filled from the left.
 * @param {number} share From 0 to 1.
 * @param {number} width Characters.
 */
export function bar(share, width) {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** A line that wraps could not be taken away again; one that is too long loses its colours and its end. */
function cut(text, columns) {
  const plain = stripVTControlCharacters(text);
  return [...plain].length <= columns ? text : [...plain].slice(0, columns).join("");
}
