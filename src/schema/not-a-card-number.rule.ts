import { ValidateBy, type ValidationOptions } from "class-validator";
import { isCardNumber } from "../domain/card-number.js";

/** A rule: the text must not be a card number, because it is stored, sent and shown. */
export function NotACardNumber(options: ValidationOptions & { readonly message: string }): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value !== "string" || !isCardNumber(value);
  return ValidateBy({ name: "notACardNumber", validator: { validate } }, options);
}
