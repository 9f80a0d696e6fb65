/** What a caller may be allowed, each on its own: to write is not to read, and neither is to reveal. */
export const SCOPES = ["contacts:read", "contacts:write", "cards:read", "cards:write", "cards:reveal"] as const;

/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number];

/** Whether a text names a scope. */
export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}
