/** The body of an answer to a request that is not carried out, in GraphQL's shape. */
export function errorAnswer(code: string, message: string, requestId: string): object {
  return { errors: [{ message, extensions: { code, requestId } }] };
}
