import pg from "pg";

/** A moment of our time in a zone of whole hours, as the server writes it: `2026-11-21 20:56:45.123456+00`. */
const COMMON = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d$/;

/** The driver's own parser, for every other moment: of other centuries, in odd zones, or infinite. */
const parseOther = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, "text") as (text: string) => Date;

/** A `timestamptz` as a date; what is below a millisecond is cut off. */
export function parseTimestamp(text: string): Date {
  if (!COMMON.test(text)) return parseOther(text);
  const zoneAt = text.length - 3;
  const fraction = zoneAt > 20 ? text.slice(20, Math.min(zoneAt, 23)).padEnd(3, "0") : "0";
  const hour = digits(text, 11) - (text[zoneAt] === "-" ? -1 : 1) * digits(text, zoneAt + 1);
  const year = digits(text, 0) * 100 + digits(text, 2);
  const at = Date.UTC(year, digits(text, 5) - 1, digits(text, 8), hour, digits(text, 14), digits(text, 17));
  return new Date(at + Number(fraction));
}

function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
