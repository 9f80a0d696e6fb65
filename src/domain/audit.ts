import { createHash } from "node:crypto";
import { REDACTED } from "./card-number.js";
import type { Caller } from "./identity.js";
import { scrub } from "./scrub.js";

/** What is written down about who did what. */
export const AUDIT_ACTIONS = [
  "createVirtualCard",
  "createCardContact",
  "revealCard",
  "settleOrder",
  "erasePersonalData",
  "createApiKey",
  "revokeApiKey",
] as const;

/** One of {@link AUDIT_ACTIONS}. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who does something, as the audit log names them. */
export interface Actor {
  /** See {@link auditedSubject}. */
  readonly subject: string;
  /** The request that it is done with; null: none, a person at a terminal does it. */
  readonly requestId: string | null;
}

/** A caller who changes something, with their name for the audit log. */
export interface ActingCaller extends Caller {
  readonly actor: Actor;
}

/** A person at a terminal of the server. */
export const OPERATOR: Actor = { subject: "operator", requestId: null };

/** Something that somebody did. Holds no personal data and no card number. */
export interface AuditEntry extends Actor {
  readonly tenant: string;
  readonly action: AuditAction;
  /** Our id of the order, card, contact or key that it was done to. */
  readonly target: string;
  /** What came of it, one word of ours. */
  readonly outcome: string;
  /** What for, in the words of who did it; see {@link auditedReason}. */
  readonly reason: string | null;
  /** Thumbprint of the key that a card was revealed to. */
  readonly recipient: string | null;
}

/** Where it is written down. What was written is never changed or removed. */
export interface AuditLog {
  /** Resolves after the commit. */
  append(entry: AuditEntry): Promise<void>;
}

const HASH_LENGTH = 32;

/** A caller by name; one whose name holds an e-mail address or the like by a hash, the same one each time. */
export function auditedSubject(subject: string): string {
  if (scrub(subject) === subject) return subject;
  return `sha256:${createHash("sha256").update(subject).digest("hex").slice(0, HASH_LENGTH)}`;
}

/** A reason without card numbers, e-mail addresses and mobile numbers, and without the names of whom it is about. */
export function auditedReason(reason: string, names: readonly (string | null)[] = []): string {
  return names.reduce<string>((text, name) => withoutName(text, name ?? ""), scrub(reason));
}

/** Shorter ones stand in too many words' place. */
const LEAST_NAME = 2;

function withoutName(text: string, name: string): string {
  if (name.length < LEAST_NAME) return text;
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return text.replaceAll(new RegExp(`(?<!\\p{L})${literal}(?!\\p{L})`, "giu"), REDACTED);
}
