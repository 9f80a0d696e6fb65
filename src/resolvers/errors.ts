import { GraphQLError } from "graphql";
import { ProviderError } from "../domain/provider-error.js";
import type { UserError } from "../domain/user-error.js";

/** A query's argument breaks its rule. The message names the argument and the rule, never the value. */
export function argumentError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
}

/** A refusal of a query, which has no `userErrors` to put it in. */
export function refusalError(refusal: UserError): GraphQLError {
  return new GraphQLError(refusal.message, { extensions: { code: refusal.code } });
}

/** A provider that does not answer a read, in words for the caller. Anything else is passed on to be masked. */
export function providerReadError(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const code = error.kind === "credentials" ? "PROVIDER_MISCONFIGURED" : "PROVIDER_UNAVAILABLE";
  return new GraphQLError("The provider did not give an answer that can be used. Ask again later.", {
    extensions: { code },
  });
}
