import { createClient } from "graphql-ws";
import { WebSocket } from "ws";

/** Every way that an operation comes in. */
export const WAYS_IN = ["POST", "GET", "SSE", "WebSocket"] as const;

/** One of {@link WAYS_IN}. */
export type WayIn = (typeof WAYS_IN)[number];

/** What came back: a status, or a WebSocket's code of closing; and the answer as text, up to its first event. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** An operation as it is sent. */
export interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Sends an operation one way; no `authorization` is no header at all. Of a stream only what comes first is read. */
export function sendBy(way: WayIn, url: string, asked: Asked, authorization?: string): Promise<Reply> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  if (way === "WebSocket") return overSocket(url, asked, headers);
  if (way === "GET") {
    const search = new URLSearchParams({ query: asked.query, variables: JSON.stringify(asked.variables ?? {}) });
    return reply(fetch(`${url}/graphql?${search}`, { headers: { ...headers, "apollo-require-preflight": "1" } }));
  }
  const accept = way === "SSE" ? "text/event-stream" : "application/json";
  const all = { "content-type": "application/json", accept, ...headers };
  return reply(fetch(`${url}/graphql`, { method: "POST", headers: all, body: JSON.stringify(asked) }));
}

async function reply(answering: Promise<Response>): Promise<Reply> {
  const answer = await answering;
  const { status, body } = answer;
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream"))
    return { status, text: await answer.text() };
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\ndata: {")) {
    const part = await reader?.read();
    if (!part || part.done) break;
    text += part.value;
  }
  await reader?.cancel();
  return { status, text };
}

async function overSocket(url: string, { query, variables }: Asked, params: object): Promise<Reply> {
  const client = createClient({
    ...{ url: `${url.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 },
    ...{ connectionParams: { ...params }, onNonLazyError: () => {} },
  });
  try {
    for await (const result of client.iterate({ query, variables: { ...variables } })) {
      return { status: 200, text: JSON.stringify(result) };
    }
    return { status: 200, text: "" };
  } catch (error) {
    if (Array.isArray(error)) return { status: 200, text: JSON.stringify({ errors: error }) };
    const { code = 0, reason = "" } = error as { code?: number; reason?: string };
    return { status: code, text: reason };
  } finally {
    await client.dispose();
  }
}
