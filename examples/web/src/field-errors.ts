import { adviceFor } from "./advice.js";
import type { RefusalNoteFragment } from "./generated/graphql.js";
import { graphql } from "./generated/index.js";

/** What every refusal is asked for. */
export const RefusalNote = graphql(`
  fragment RefusalNote on UserError {
    code
    message
    field
    retryable
  }
`);

/** The fields of the form: each the path of its value in `CreateVirtualCardInput`, and what people call it. */
export const FORM_LABELS = {
  cardRangeId: "Card range",
  "deposit.amountMinor": "Deposit",
  "cardHolder.firstName": "First name",
  "cardHolder.lastName": "Last name",
  email: "E-mail",
} as const;

/** The path of a field of the form. */
export type FormPath = keyof typeof FORM_LABELS;

/** What is wrong, field by field, and what is wrong with no field of this form. */
export interface FieldErrors {
  readonly byPath: ReadonlyMap<FormPath, readonly string[]>;
  readonly rest: readonly string[];
}

/** Nothing is wrong. */
export const NO_ERRORS: FieldErrors = { byPath: new Map(), rest: [] };

/** Brings each refusal to its field; one whose field is not on the form, or that has none, is for the whole of it. */
export function fieldErrors(refusals: readonly RefusalNoteFragment[]): FieldErrors {
  const byPath = new Map<FormPath, readonly string[]>();
  const rest: string[] = [];
  for (const { code, message, field } of refusals) {
    const path = field?.join(".") ?? "";
    if (isFormPath(path)) byPath.set(path, [...(byPath.get(path) ?? []), worded(path, message)]);
    else rest.push(`${message} ${adviceFor(code)}`);
  }
  return { byPath, rest };
}

function isFormPath(path: string): path is FormPath {
  return Object.hasOwn(FORM_LABELS, path);
}

/** Messages begin with the path, for programmers; a person knows the field by its label. */
function worded(path: FormPath, message: string): string {
  return message.startsWith(path) ? `${FORM_LABELS[path]}${message.slice(path.length)}` : message;
}
