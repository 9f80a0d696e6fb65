import type { ValidationRule } from "graphql";
import { documentBounds } from "./document-bounds.js";
import { mutationsOnce } from "./mutations-once.js";

/** What a document has to keep to besides GraphQL's own rules, whatever the transport. */
export const DOCUMENT_RULES: readonly ValidationRule[] = [documentBounds, mutationsOnce];
