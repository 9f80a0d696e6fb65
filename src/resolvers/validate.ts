import { type ValidationError, validateSync } from "class-validator";
import { type UserError, userError } from "../domain/user-error.js";

const OPTIONS = { validationError: { target: false, value: false }, forbidUnknownValues: false } as const;

/**
 * Every fault of an input at once, each with the path to its field and the rule it breaks.
 * No value of the input is in any of them.
 */
export function inputFaults(input: object): readonly UserError[] {
  return validateSync(input, OPTIONS).flatMap((error) => faultsOf(error, []));
}

function faultsOf(error: ValidationError, above: readonly string[]): readonly UserError[] {
  const field = [...above, error.property];
  const own = Object.values(error.constraints ?? {}).map((message) => userError("INVALID_INPUT", message, { field }));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, field))];
}
