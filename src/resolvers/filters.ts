import type { CreatedRange } from "../domain/page.js";
import { argumentError } from "./errors.js";

/** What a customerId can be; see the input of `createVirtualCard`. */
const CUSTOMER_ID = /^[\x21-\x7e]{1,64}$/;

/** The customer that a filter names. Throws an argument error. */
export function readCustomer(customerId: string | null | undefined): string | null {
  if (customerId && !CUSTOMER_ID.test(customerId))
    throw argumentError("filter.customerId must be 1 to 64 printable ASCII characters without blanks");
  return customerId ?? null;
}

/** The range of times that a filter names. Throws an argument error for one that nothing can be in. */
export function readCreated(filter: {
  readonly createdFrom?: Date | null;
  readonly createdBefore?: Date | null;
}): CreatedRange {
  const { createdFrom: from = null, createdBefore: before = null } = filter;
  if (from && before && from >= before) throw argumentError("filter.createdFrom must be before filter.createdBefore");
  return { from, before };
}
