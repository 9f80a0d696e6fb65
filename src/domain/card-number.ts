/** What stands in the place of something that must not be shown. */
export const REDACTED = "[redacted]";

/** What people and providers write between the digits of a card number; blanks include the no-break one. */
const SEPARATOR = "[\\s.\\-_\\u00a0]";
const SEPARATORS = new RegExp(`(${SEPARATOR}+)`);
/** At least 13 digits, with or without separators between them: where a card number may be. */
const RUN = new RegExp(`\\d(?:${SEPARATOR}*\\d){12,}`, "g");

/** Visa; Mastercard, old and new; American Express; Discover; JCB; UnionPay. */
const NETWORK = /^(?:4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3[47]|6011|65|64[4-9]|35|62)/;

/** How long card numbers are. */
const LENGTH = /^\d{13,19}$/;
const MOST_DIGITS = 19;

/**
 * Whether a text as a whole is a card number: 13 to 19 digits, separators aside, that begin as those of a card network
 * do and pass the Luhn check. Narrow on purpose, because ids and order numbers may be digits too.
 */
export function isCardNumber(text: string): boolean {
  const digits = text.split(SEPARATORS).filter((_part, at) => at % 2 === 0);
  return isNumberOfNetwork(digits.join(""));
}

/** Whether digits begin as those of a card network do, besides what {@link mayBeCardNumber} asks. */
export function isNumberOfNetwork(digits: string): boolean {
  return NETWORK.test(digits) && mayBeCardNumber(digits);
}

/** Whether digits are as many as a card number has and pass the Luhn check, whatever they begin with. */
export function mayBeCardNumber(digits: string): boolean {
  return LENGTH.test(digits) && passesLuhn(digits);
}

/**
 * The text with "[redacted]" in the place of every card number, whatever it is glued to. Digits that belong together
 * are not cut: a card number is looked for in groups of digits, one or several in a row.
 */
export function withoutCardNumbers(text: string): string {
  return text.replace(RUN, (run) => redactGroups(run, isNumberOfNetwork));
}

/**
 * A run of digits and separators with "[redacted]" in the place of what `isNumber` takes for a card number. Groups are
 * tried together, because a card number may stand next to its CVC, its date of expiry or another number.
 */
export function redactGroups(run: string, isNumber: (digits: string) => boolean): string {
  const parts = run.split(SEPARATORS);
  let redacted = "";
  for (let from = 0; from < parts.length; from += 2) {
    const last = lastGroupOfNumber(parts, from, isNumber);
    redacted += (last === null ? parts[from] : REDACTED) + (parts[(last ?? from) + 1] ?? "");
    from = last ?? from;
  }
  return redacted;
}

/** The last group of the longest card number that begins with a group, or null when none does. */
function lastGroupOfNumber(
  parts: readonly string[],
  from: number,
  isNumber: (digits: string) => boolean,
): number | null {
  let last: number | null = null;
  let digits = "";
  for (let to = from; to < parts.length; to += 2) {
    digits += parts[to];
    if (digits.length > MOST_DIGITS) break;
    if (isNumber(digits)) last = to;
  }
  return last;
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
