import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { LiveLimits } from "../../src/http/live-slots.js";
import { type LiveServer, startLive } from "./live-server.js";

/** A message of the callback protocol as a router got it. */
export interface CallbackMessage {
  readonly kind: string;
  readonly action: "check" | "next" | "complete";
  readonly id: string;
  readonly verifier: string;
  readonly payload?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: object }[];
}

/** How a router answers: with a status, or itself. */
export type AnswerCallback = (message: CallbackMessage, answer: ServerResponse) => number | undefined;

/** The router's side of Apollo's HTTP callback protocol. */
export interface RouterDouble {
  readonly url: string;
  /** Everything that arrived at any path, in order. */
  readonly messages: readonly CallbackMessage[];
  readonly headers: readonly IncomingHttpHeaders[];
  /** The actions that arrived, without the signs of life that come of themselves after the first. */
  actions(): readonly string[];
  /** How it answers from now on; with 204 unless told. */
  answer: AnswerCallback;
  /** Subscribes at a server, as the protocol says. */
  subscribe(server: Pick<LiveServer, "url">, query: string, more?: SubscribeOptions): Promise<Response>;
}

/** What a subscription may have besides its document. */
export interface SubscribeOptions {
  /** Members that replace those of `extensions.subscription`. */
  readonly callback?: Readonly<Record<string, unknown>>;
  /** Members that replace those of the body. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts a router on loopback for the test that runs. */
export async function startRouter(): Promise<RouterDouble> {
  const messages: CallbackMessage[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const http = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString());
    messages.push(message);
    headers.push(request.headers);
    const status = router.answer(message, answer);
    if (status !== undefined) answer.writeHead(status, { "subscription-protocol": "callback/1.0" }).end();
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/callback`;
  const router: RouterDouble = {
    url,
    messages,
    headers,
    actions: () => messages.filter(({ action }, nth) => nth === 0 || action !== "check").map(({ action }) => action),
    answer: () => 204,
    subscribe: (server, query, { callback, body, headers: more } = {}) => {
      const subscription = {
        ...{ callbackUrl: `${url}/s1`, subscriptionId: "s1", verifier: "v1", heartbeatIntervalMs: 60_000 },
        ...callback,
      };
      return fetch(server.url, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json;callbackSpec=1.0", ...more },
        body: JSON.stringify({ query, extensions: { subscription }, ...body }),
      });
    },
  };
  return router;
}

/** Starts a router, and a server that may send subscriptions to it. */
export async function startWithRouter(limits: Partial<LiveLimits> = {}): Promise<[LiveServer, RouterDouble]> {
  const router = await startRouter();
  return [await startLive(limits, () => {}, { callbackUrls: [router.url] }), router];
}
