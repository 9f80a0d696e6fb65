import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** How a client of these tests follows something. */
export const TRANSPORTS = ["SSE", "WebSocket"] as const;

/** One of {@link TRANSPORTS}. */
export type Transport = (typeof TRANSPORTS)[number];

/** What a client that follows something has seen. */
export interface Watching<Data> {
  /** Everything that came so far, in order. */
  readonly seen: readonly Data[];
  /** Resolves once enough has come; fails with what came after ten seconds, or when the stream ends before. */
  until(isEnough: (seen: readonly Data[]) => boolean): Promise<readonly Data[]>;
  /** Resolves when the stream ends, with the errors that it ended with, if any. */
  readonly ended: Promise<unknown>;
  leave(): void;
}

/** Follows a subscription with the transport's own client, without retries; left with the test at the latest. */
export function watch<Data, Variables extends Record<string, unknown>>(
  url: string,
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  authorization = "",
): Watching<Data> {
  const client =
    transport === "SSE"
      ? createSseClient({ url: `${url}/graphql`, retryAttempts: 0, headers: { authorization } })
      : createWsClient({
          url: `${url.replace("http", "ws")}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams: { authorization },
          retryAttempts: 0,
          onNonLazyError: () => {},
        });
  const seen: Data[] = [];
  let tell: () => void = () => {};
  const stream = client.iterate<Data>({ query: print(document), variables });
  const read = async (): Promise<unknown> => {
    try {
      for await (const { data, errors } of stream) {
        if (errors) return errors;
        if (data) seen.push(data);
        tell();
      }
    } catch (error) {
      return error;
    }
  };
  let over = false;
  const ended = read().finally(() => {
    over = true;
    tell();
  });
  const leave = (): void => void client.dispose();
  onTestFinished(leave);
  return {
    seen,
    ended,
    leave,
    until: (isEnough) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`not enough came: ${JSON.stringify(seen)}`));
        const timer = setTimeout(fail, 10_000);
        tell = () => {
          if (!isEnough(seen) && !over) return;
          clearTimeout(timer);
          if (isEnough(seen)) resolve(seen);
          else fail();
        };
        tell();
      }),
  };
}
