/**
 * Asks a GraphQL server once and resolves with `data`. Throws when the answer is not one or holds errors.
 * @param {string} url Address of the endpoint.
 * @param {string} query
 * @param {object} variables
 * @param {AbortSignal} [signal]
 */
export async function askGraphql(url, query, variables, signal) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const body = await answer.json();
  if (answer.status !== 200 || body.errors || !body.data) {
    throw new Error(`The server answered ${answer.status}: ${body.errors?.[0]?.message ?? "no data"}`);
  }
  return body.data;
}
