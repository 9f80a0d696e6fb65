/** Tables with a column `personal`, and the one that keys are registered in. */
export const PERSONAL_TABLES = ["card_orders", "card_holders", "card_contacts"] as const;

/** One of {@link PERSONAL_TABLES}. */
export type PersonalTable = (typeof PERSONAL_TABLES)[number];

/** The row that personal data belong to: sealed for one, they open nowhere else. */
export interface SealedPlace {
  readonly table: PersonalTable | "data_keys";
  readonly id: string;
  readonly tenant: string;
}

/** Why personal data cannot be read: no key of that id is configured, or the key does not open them. */
export type UnreadableReason = "unknown_key" | "not_opened";

/** Personal data cannot be read. Holds the id of their key for the operator, and nothing of the data. */
export class PersonalDataUnreadable extends Error {
  override readonly name = "PersonalDataUnreadable";
  /** Null when not even that can be read. */
  readonly keyId: string | null;
  readonly reason: UnreadableReason;

  constructor(keyId: string | null, reason: UnreadableReason) {
    const named = keyId === null ? "of no known form" : `sealed under data key ${keyId}`;
    const why = { unknown_key: "which DATA_KEYS does not hold", not_opened: "which does not open them there" };
    super(`personal data are ${named}${keyId === null ? "" : `, ${why[reason]}`}`);
    this.keyId = keyId;
    this.reason = reason;
  }
}

/** What is read; null when it cannot be. */
export function ifReadable<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof PersonalDataUnreadable) return null;
    throw error;
  }
}

/** Seals personal data for one row of the database, and opens them there. */
export interface PersonalDataVault {
  /** The value as text; sealed, unless the vault has no key. */
  seal(place: SealedPlace, value: object): string;
  /** What {@link seal} was given. Throws {@link PersonalDataUnreadable}. */
  open(place: SealedPlace, text: string): unknown;
}

/** What every sealed text begins with; JSON never does. Then come the key's id, a dot, and the bytes in base64url. */
export const SEALED_PREFIX = "v1.";

/** The id of the key that a text is sealed under; null: it is not sealed. */
export function keyIdOf(text: string): string | null {
  return text.startsWith(SEALED_PREFIX) ? (text.split(".", 2)[1] ?? null) : null;
}

/** A vault without keys: for sandboxes, whose people are made up. */
export const UNSEALED: PersonalDataVault = {
  seal: (_place, value) => JSON.stringify(value),
  open: (_place, text) => openUnsealed(text),
};

/** JSON as a vault without keys wrote it. Throws {@link PersonalDataUnreadable} for anything else. */
export function openUnsealed(text: string): unknown {
  const keyId = keyIdOf(text);
  if (keyId !== null) throw new PersonalDataUnreadable(keyId, "unknown_key");
  if (!text.startsWith("{")) throw new PersonalDataUnreadable(null, "not_opened");
  return JSON.parse(text);
}
