const NETWORK = /^(?:4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3[47]|6011|65|64[4-9]|35|62)/;

/** Whether a text is a card number: 13 to 19 digits, blanks and the like aside, of a network, with a Luhn check. */
export function isCardNumber(text) {
  const digits = text.replace(/[\s.\-_]/g, "");
  if (!/^\d{13,19}$/.test(digits) || !NETWORK.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const doubled = Number(digits[digits.length - 1 - index]) * (1 + (index % 2));
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
