import type { Scope } from "../domain/scope.js";

/**
 * The scope that a caller needs for each root field and each entity; null: any caller who is known. The one place that
 * says so.
 */
export const ACCESS = {
  "Query.card": "cards:read",
  "Query.cards": "cards:read",
  "Query.cardOrder": "cards:read",
  "Query.cardOrders": "cards:read",
  "Query.cardContact": "contacts:read",
  "Query.cardContacts": "contacts:read",
  "Query.cardRanges": "cards:read",
  "Query.providers": null,
  // What it finds is an entity, which has its own.
  "Query.node": null,
  "Mutation.createCardContact": "contacts:write",
  "Mutation.createVirtualCard": "cards:write",
  "Mutation.revealCard": "cards:reveal",
  "Subscription.cardOrderUpdated": "cards:read",
  "Subscription.cardUpdated": "cards:read",
  Card: "cards:read",
  CardHolder: "cards:read",
  CardContact: "contacts:read",
  CardOrder: "cards:read",
} as const satisfies Readonly<Record<string, Scope | null>>;

/** The scopes that a field or an entity asks for: one, or none. */
export function neededFor(name: keyof typeof ACCESS): Scope[] {
  const scope = ACCESS[name];
  return scope === null ? [] : [scope];
}
