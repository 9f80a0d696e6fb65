/** What the sandbox does with a request that is in order. Only those marked so create a contact. */
export type SandboxScenario =
  /** Creates and answers. */
  | { readonly kind: "approve" }
  /** Answers HTTP 400 with these codes. */
  | { readonly kind: "decline"; readonly code: string; readonly subCode: string }
  /** Creates and never answers. */
  | { readonly kind: "hang" }
  /** Resets the connection without having created anything. */
  | { readonly kind: "reset-before" }
  /** Creates and resets the connection. */
  | { readonly kind: "reset-after" }
  /** Creates and closes the connection in the middle of the answer. */
  | { readonly kind: "cut-body" }
  /** Creates and answers with `data` that decrypts to nothing. */
  | { readonly kind: "garbled" }
  /** Creates and answers with a `random_key` whose RSA padding is wrong. */
  | { readonly kind: "bad-padding" }
  /** Creates and answers with another account's `app_id`. */
  | { readonly kind: "other-app-id" }
  /** Creates and answers HTTP 500 with a page of HTML. */
  | { readonly kind: "server-error" }
  /** Answers HTTP 429. */
  | { readonly kind: "rate-limited" }
  /** Answers HTTP 400 with a code that no page lists. */
  | { readonly kind: "unlisted-code" }
  /** Creates and sends the answer a byte at a time, without end. */
  | { readonly kind: "drip" }
  /** Creates and answers with more bytes than any client should take. */
  | { readonly kind: "huge-body" }
  /** Creates and answers with an id that a JavaScript number cannot hold. */
  | { readonly kind: "big-id" };

/** One line of {@link MAGIC_LAST_NAMES}. */
export interface MagicValue {
  readonly lastName: string;
  readonly scenario: SandboxScenario;
  /** What the caller sees, in a sentence. */
  readonly description: string;
}

const decline = (code: string, subCode: string): SandboxScenario => ({ kind: "decline", code, subCode });

/** Last names, to the letter, that make the sandbox misbehave. Every other name is approved. */
export const MAGIC_LAST_NAMES: readonly MagicValue[] = [
  {
    lastName: "Decline",
    scenario: decline("30001", "parameters-error"),
    description: "The provider refuses the details; nothing is created.",
  },
  {
    lastName: "Duplicate",
    scenario: decline("30001", "dublicate-data"),
    description: "The provider says that it has this contact already.",
  },
  {
    lastName: "Misconfigured",
    scenario: decline("40002", "invalid-signature"),
    description: "The provider does not accept our keys or account.",
  },
  {
    lastName: "Suspended",
    scenario: decline("40002", "merchant-status-abnormal"),
    description: "The provider has suspended our account.",
  },
  {
    lastName: "Busy",
    scenario: decline("40002", "bank-side-busy"),
    description: "The bank is busy; what came of it is unknown.",
  },
  {
    lastName: "Unavailable",
    scenario: decline("20000", ""),
    description: "The provider's service is down; what came of it is unknown.",
  },
  {
    lastName: "Unlisted",
    scenario: { kind: "unlisted-code" },
    description: "An error code that no page lists; what came of it is unknown.",
  },
  { lastName: "Throttle", scenario: { kind: "rate-limited" }, description: "HTTP 429." },
  { lastName: "Crash", scenario: { kind: "server-error" }, description: "HTTP 500 although the contact was created." },
  { lastName: "Hang", scenario: { kind: "hang" }, description: "Created, but no answer comes." },
  { lastName: "Drip", scenario: { kind: "drip" }, description: "Created, but the answer never comes to its end." },
  { lastName: "Reset", scenario: { kind: "reset-after" }, description: "Created, then the connection is reset." },
  {
    lastName: "Refuse",
    scenario: { kind: "reset-before" },
    description: "The connection is reset and nothing is created.",
  },
  { lastName: "Cut", scenario: { kind: "cut-body" }, description: "Created, but the answer breaks off." },
  {
    lastName: "Huge",
    scenario: { kind: "huge-body" },
    description: "Created, but the answer is larger than the bound.",
  },
  { lastName: "Garbled", scenario: { kind: "garbled" }, description: "Created, but the answer cannot be decrypted." },
  {
    lastName: "Padding",
    scenario: { kind: "bad-padding" },
    description: "Created, but the answer's key is padded wrongly.",
  },
  {
    lastName: "Stranger",
    scenario: { kind: "other-app-id" },
    description: "Created, but the answer names another account.",
  },
  { lastName: "Bigid", scenario: { kind: "big-id" }, description: "Created with an id of 19 digits." },
];

/** The scenario that a last name asks for; approval for a name that is not magic. */
export function scenarioOf(lastName: string): SandboxScenario {
  return MAGIC_LAST_NAMES.find((magic) => magic.lastName === lastName)?.scenario ?? { kind: "approve" };
}
