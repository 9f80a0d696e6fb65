import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { type ExecutionResult, getOperationAST } from "graphql";
import { readServerSentEvents } from "./server-sent-events.js";

const ENDPOINT = "/graphql";

const fetchOnce = createGraphiQLFetcher({ url: ENDPOINT, enableIncrementalDelivery: false });

/**
 * Sends what the editors hold to this server: queries and mutations as a plain POST, subscriptions as a POST whose
 * answer is a stream of server-sent events.
 */
export const fetcher: Fetcher = (params, options) => {
  const document = options?.documentAST;
  const operation = document === undefined ? null : getOperationAST(document, params.operationName);
  if (operation?.operation !== "subscription") return fetchOnce(params, options);
  return subscribe(JSON.stringify(params), options?.headers ?? {});
};

function subscribe(body: string, headers: Record<string, string>): AsyncIterableIterator<ExecutionResult> {
  const stop = new AbortController();
  const results = readResults(body, headers, stop.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    return: async () => {
      // The generator may be waiting for the next event: end the request, or it would wait on.
      stop.abort();
      return { value: undefined, done: true };
    },
  };
}

async function* readResults(
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): AsyncGenerator<ExecutionResult, void> {
  try {
    const response = await fetch(ENDPOINT, {
      method: "POST",
      body,
      signal,
      headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
    });
    if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true || response.body === null) {
      yield await response.json();
      return;
    }
    for await (const event of readServerSentEvents(response.body)) {
      if (event.name === "complete") return;
      if (event.name === "next") yield JSON.parse(event.data);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
