import { isNumberOfNetwork, mayBeCardNumber, REDACTED, redactGroups } from "./card-number.js";

/** Ids of ours and UUIDs: some hold a run of digits by chance that would pass for a card number. */
const ID = "[a-z]{3,4}_[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

/**
 * Runs of at least 13 digits: with blanks and hyphens between them anything that passes the Luhn check is taken out,
 * with whatever else stands between digits, as in decimals and addresses, only what begins as a card network's does.
 */
const PASSES = [
  { runs: idsOr("(?<![\\d.])\\d(?:[ -]?\\d){12,}"), isNumber: mayBeCardNumber },
  { runs: idsOr("\\d(?:[\\s.\\-_\\u00a0]*\\d){12,}"), isNumber: isNumberOfNetwork },
];
const EMAIL = /[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*/g;
const MOBILE = /\+[1-9]\d{6,14}(?!\d)/g;

/**
 * A text without card numbers, e-mail addresses and E.164 numbers. The last line of defence for logs and errors;
 * nothing that holds such a thing should come this far.
 */
export function scrub(text: string): string {
  let clean = text;
  for (const { runs, isNumber } of PASSES) {
    clean = clean.replace(runs, (run, id?: string) => (id === undefined ? redactGroups(run, isNumber) : run));
  }
  return clean.replace(EMAIL, REDACTED).replace(MOBILE, REDACTED);
}

function idsOr(runs: string): RegExp {
  return new RegExp(`\\b(${ID})\\b|${runs}`, "g");
}
