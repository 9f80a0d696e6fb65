import { GraphQLError, type GraphQLFormattedError } from "graphql";

/** An error as the caller may see it, in a form that GraphQL's libraries pass on as it is. */
export class PresentedError extends GraphQLError {
  readonly #shown: GraphQLFormattedError;

  constructor(shown: GraphQLFormattedError) {
    super(shown.message, { path: shown.path, extensions: shown.extensions });
    this.#shown = shown;
  }

  override toJSON(): GraphQLFormattedError {
    return this.#shown;
  }
}
