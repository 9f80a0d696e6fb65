/** An amount as the API has it: integer minor units and a currency. Every `Money` of the schema fits. */
export interface Amount {
  /** Integer minor units: 1000 is USD 10.00, JPY 1000 and KWD 1.000. */
  readonly amountMinor: number;
  /** ISO 4217 code, upper case. */
  readonly currency: string;
}

/** How many digits a currency has behind its decimal point: USD 2, JPY 0, KWD 3. */
export function fractionDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The amount as people of a locale write it: `$1,234.50`. From the digits themselves, so that nothing is rounded. */
export function formatAmount({ amountMinor, currency }: Amount, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  return format.format(decimalText(amountMinor, fractionDigits(currency)));
}

/**
 * What a person typed, in minor units; null when it is no amount of the currency. Only digits and one decimal separator
 * of the locale are taken: a text that could be read in two ways, such as `1,000`, is better asked about than guessed.
 */
export function parseAmount(text: string, currency: string, locale: string): number | null {
  const digits = fractionDigits(currency);
  const [whole = "", fraction = "", ...more] = text.trim().split(decimalSeparator(locale));
  const isAmount = /^\d+$/.test(whole) && /^\d*$/.test(fraction) && fraction.length <= digits && more.length === 0;
  if (!isAmount) return null;
  const minor = Number(whole + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** The decimal separator of a locale: a point in `en`, a comma in `de`. */
export function decimalSeparator(locale: string): string {
  const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(0);
  return parts.find(({ type }) => type === "decimal")?.value ?? ".";
}

function decimalText(amountMinor: number, digits: number): Intl.StringNumericLiteral {
  const sign = amountMinor < 0 ? "-" : "";
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, "0");
  const point = text.length - digits;
  return `${sign}${text.slice(0, point)}.${text.slice(point)}0` as Intl.StringNumericLiteral;
}
