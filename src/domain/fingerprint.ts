import { createHash } from "node:crypto";

/**
 * A hash of an input that says whether two requests are the same: SHA-256 over its JSON with members in a fixed
 * order. An absent member and a null one are the same.
 */
export function fingerprint(input: object): string {
  return createHash("sha256").update(canonical(input)).digest("base64url");
}

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
