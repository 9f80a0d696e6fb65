import { createClient, type Client as StreamClient } from "graphql-sse";
import { Client, fetchExchange } from "urql";

/** Longer than the server lets a provider take: who gives up before the server does learns nothing. */
const TIMEOUT_MS = 30_000;

/**
 * Asks and tells. Without a cache: what this page shows is money, and is read anew whenever it is wanted.
 */
export function buildClient(url: string): Client {
  return new Client({ url, preferGetMethod: false, exchanges: [fetchExchange], fetch: fetchInTime });
}

/** Listens: one stream of server-sent events a subscription. It does not retry, since {@link followOrder} does. */
export function buildStreams(url: string): StreamClient {
  return createClient({ url, retryAttempts: 0 });
}

/** The browser's own `fetch` waits for ever. */
const fetchInTime: typeof fetch = (input, init) => {
  const outOfTime = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, outOfTime]) : outOfTime;
  return fetch(input, { ...init, signal });
};
