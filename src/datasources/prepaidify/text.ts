/** Text that may stand in an HTTP header as it is: printable ASCII without spaces, at least one character. */
export function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/**
 * The text without runs of twelve or more digits, blanks and hyphens between them included. Free text of the provider
 * goes through here, so that a card number that strayed into it goes no further.
 */
export function withoutLongNumbers(text: string): string {
  return text.replaceAll(/\d(?:[ -]?\d){11,}/g, "");
}

/**
 * Whether a code-like value is in truth a card number: 13 to 19 digits of a card network with a valid Luhn digit.
 * Narrow on purpose, because ids and order numbers may be digits too.
 */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[\s._:-]/g, "");
  return /^(?:2[2-7]|[3-6]\d)\d{11,17}$/.test(digits) && luhnSum(digits) % 10 === 0;
}

/** The Luhn sum of a text of digits whose last one is the check digit; a multiple of ten when it is right. */
export function luhnSum(digits: string): number {
  let sum = 0;
  for (const [index, char] of [...digits].reverse().entries()) {
    const digit = Number(char) * (index % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum;
}

/** A short code-like text that may be stored and logged, or null. */
export function toToken(text: string, maxLength: number): string | null {
  return text.length <= maxLength && /^[A-Za-z0-9_.:-]+$/.test(text) && !isCardNumber(text) ? text : null;
}
