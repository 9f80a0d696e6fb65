/** An amount of money: integer minor units (cents for USD) and an ISO 4217 currency code. Never a float. */
export interface Money {
  /** Integer minor units: 1000 is USD 10.00. */
  readonly amountMinor: number;
  /** ISO 4217 code, upper case. */
  readonly currency: string;
}

/** Digits after the decimal point of each currency this server moves. */
const FRACTION_DIGITS: Readonly<Record<string, number>> = { USD: 2 };

/**
 * The amount as a plain decimal text without sign of currency or grouping: 1000 USD is "10.00".
 * Integer arithmetic only, so no amount is ever rounded.
 */
export function formatMoney(money: Money): string {
  const digits = FRACTION_DIGITS[money.currency] ?? 2;
  const sign = money.amountMinor < 0 ? "-" : "";
  const text = Math.abs(money.amountMinor)
    .toString()
    .padStart(digits + 1, "0");
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
