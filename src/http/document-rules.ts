import type { ValidationRule } from "graphql";
import { documentBounds } from "./document-bounds.js";
import { mutationsOnce } from "./mutations-once.js";
import { noIntrospection } from "./no-introspection.js";

const BOUNDS: readonly ValidationRule[] = [documentBounds, mutationsOnce];

/** What a document has to keep to besides GraphQL's own rules, whatever the transport. */
export function documentRules(introspection: boolean): readonly ValidationRule[] {
  return introspection ? BOUNDS : [...BOUNDS, noIntrospection];
}
