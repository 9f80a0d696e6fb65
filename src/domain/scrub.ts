/** Ids of ours and UUIDs: some hold a run of digits by chance that would pass for a card number. */
const ID = "[a-z]{3,4}_[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
/** Runs of at least 13 digits, blanks or hyphens allowed between them: where a card number may be. */
const DIGITS = "(?<![\\d.])\\d(?:[ -]?\\d){12,}";
const CARD_NUMBER = new RegExp(`\\b(${ID})\\b|${DIGITS}`, "g");
const EMAIL = /[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*/g;
const MOBILE = /\+[1-9]\d{6,14}(?!\d)/g;

/** How long card numbers are. */
const LEAST_DIGITS = 13;
const MOST_DIGITS = 19;

/** What stands in the place of something that must not be shown. */
export const SCRUBBED = "[redacted]";

/**
 * A text without card numbers (by length and Luhn check), e-mail addresses and E.164 numbers. The last line of
 * defence for logs and errors; nothing that holds such a thing should come this far.
 */
export function scrub(text: string): string {
  return text
    .replace(CARD_NUMBER, (run, id?: string) => (id === undefined ? withoutCardNumbers(run) : run))
    .replace(EMAIL, SCRUBBED)
    .replace(MOBILE, SCRUBBED);
}

/**
 * A run of digits without the card numbers in it. Groups are tried together, 13 to 19 digits at a time, because a card
 * number may stand next to its CVC, its date of expiry or another number.
 */
function withoutCardNumbers(run: string): string {
  const parts = run.split(/([ -])/);
  for (let from = 0; from < parts.length; from += 2) {
    const end = endOfCardNumber(parts, from);
    if (end > 0) parts.splice(from, end - from, SCRUBBED);
  }
  return parts.join("");
}

/** Where the longest card number that begins at a group ends; 0 when none begins there. */
function endOfCardNumber(parts: readonly string[], from: number): number {
  let digits = 0;
  let end = 0;
  for (let to = from; to < parts.length && digits <= MOST_DIGITS; to += 2) {
    digits += parts[to]?.length ?? 0;
    const isLength = digits >= LEAST_DIGITS && digits <= MOST_DIGITS;
    if (isLength && passesLuhn(parts.slice(from, to + 1).join(""))) end = to + 1;
  }
  return end;
}

/** Whether the digits of a text pass the Luhn check that card numbers pass. */
export function passesLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
