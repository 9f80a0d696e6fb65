import { createHash } from "node:crypto";

/**
 * A hash of an input that says whether two requests are the same: SHA-256 over its JSON with members in a fixed
 * order. An absent member and a null one are the same.
 */
export function fingerprint(input: object): string {
  return createHash("sha256").update(canonical(input)).digest("base64url");
}

/** Says of inputs whether they are the same, by what is kept of the first. */
export interface Fingerprints {
  /** What to keep of an input. */
  of(input: object): string;
  /** Whether the input is the one of which that was kept. */
  matches(kept: string, input: object): boolean;
}

/** Fingerprints without a key. They can be guessed at where what they are of can be. */
export const PLAIN_FINGERPRINTS: Fingerprints = {
  of: fingerprint,
  matches: (kept, input) => kept === fingerprint(input),
};

function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const named = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(named)
    .filter((name) => named[name] !== null && named[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(named[name])}`);
  return `{${members.join(",")}}`;
}
