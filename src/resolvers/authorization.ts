import type { AuthCheckerFn } from "type-graphql";
import { demand } from "../domain/identity.js";
import type { Scope } from "../domain/scope.js";
import type { RequestContext } from "./context.js";

/** Lets a field answer only to those who have every scope that it names. Throws `Forbidden` with one that lacks. */
export const checkScopes: AuthCheckerFn<RequestContext, Scope> = ({ context }, scopes) => {
  for (const scope of scopes) demand(context.identity, scope);
  return true;
};
