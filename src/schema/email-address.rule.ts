import { isEmail, ValidateBy, type ValidationOptions } from "class-validator";

/** Half of a pair that makes one character; alone it is no text, and the library's rule throws an error at it. */
const UNPAIRED = /\p{Cs}/u;

/** A rule: the text must be an e-mail address. Anything else is refused, whatever it is made of. */
export function EmailAddress(options: ValidationOptions & { readonly message: string }): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === "string" && !UNPAIRED.test(value) && isEmail(value);
  return ValidateBy({ name: "emailAddress", validator: { validate } }, options);
}
