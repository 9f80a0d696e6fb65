import { withoutCardNumbers } from "../../domain/card-number.js";

/** As much of a text as is looked at; what is kept of it is far shorter. */
const MAX_READ_LENGTH = 4_096;

/** Text that may stand in an HTTP header as it is: printable ASCII without spaces, at least one character. */
export function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/**
 * The text as a database takes it: without control characters, which PostgreSQL refuses in part, and with no half of
 * a surrogate pair. Line breaks and tabs become blanks, so that words stay apart.
 */
export function plainText(text: string): string {
  const read = text.slice(0, MAX_READ_LENGTH);
  return read
    .replaceAll(/[\t\n\v\f\r]/g, " ")
    .replaceAll(/\p{Cc}/gu, "")
    .replaceAll(/\p{Cs}/gu, "\ufffd");
}

/** At most so many characters of a well-formed text, which stays well-formed. */
export function clip(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "");
}

/**
 * The text without runs of twelve or more digits, blanks and hyphens between them included. Free text of the provider
 * goes through here, so that digits too many for a card number's rules, such as one with its CVC, go no further.
 */
export function withoutLongNumbers(text: string): string {
  return text.replaceAll(/\d(?:[ -]?\d){11,}/g, "");
}

/** Free text of the provider that may be stored and logged: plain, bounded, without card numbers or long numbers. */
export function freeText(text: string, maxLength: number): string {
  return clip(withoutLongNumbers(withoutCardNumbers(plainText(text))), maxLength);
}

/** Whether an id holds a card number, as a whole or in part. Such an id is of no use: it could not be kept. */
export function holdsCardNumber(text: string): boolean {
  return withoutCardNumbers(text) !== text;
}

/** A short code-like text that may be stored and logged, or null. */
export function toToken(text: string, maxLength: number): string | null {
  if (text.length > maxLength || !/^[A-Za-z0-9_.:-]+$/.test(text)) return null;
  return holdsCardNumber(text.replaceAll(":", "-")) ? null : text;
}
