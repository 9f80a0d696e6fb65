import pg from "pg";

/** A moment of our time in a zone of whole hours, as the server writes it: `2026-11-21 20:56:45.123456+00`. */
const COMMON = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d$/;

/** The driver's own parser, for every other moment: of other centuries, in odd zones, or infinite. */
const parseOther = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, "text") as (text: string) => Date;

/** A `timestamptz` as a date; what is below a millisecond is cut off. */
export function parseTimestamp(text: string): Date {
  if (!COMMON.test(text)) return parseOther(text);
  const zoneAt = text.length - 3;
  const hour = digits(text, 11) - (text[zoneAt] === "-" ? -1 : 1) * digits(text, zoneAt + 1);
  const [year, month] = [digits(text, 0) * 100 + digits(text, 2), digits(text, 5) - 1];
  const [minute, second] = [digits(text, 14), digits(text, 17)];
  return new Date(Date.UTC(year, month, digits(text, 8), hour, minute, second, thousandths(text, zoneAt)));
}

function thousandths(text: string, end: number): number {
  let sum = 0;
  for (let at = 20, worth = 100; at < end && worth >= 1; at += 1, worth /= 10) sum += digit(text, at) * worth;
  return sum;
}

function digits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}
