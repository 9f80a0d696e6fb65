import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { LiveServer } from "./live-server.js";

/** How a request for events is sent; a POST of JSON unless told otherwise. */
export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly search?: string;
}

/** One request for events; the whole of its answer as text is awaited by whoever wants it. */
export function ask(server: LiveServer, query: string, { method = "POST", body, headers = {}, search = "" }: Ask = {}) {
  const type: Record<string, string> = method === "POST" ? { "content-type": "application/json" } : {};
  return fetch(`${server.url}${search}`, {
    method,
    headers: { accept: "text/event-stream", ...type, ...headers },
    body: method === "POST" ? (typeof body === "string" ? body : JSON.stringify(body ?? { query })) : undefined,
  });
}

/** The same as a GET. */
export const get = (server: LiveServer, query: string) =>
  ask(server, "", { method: "GET", search: `?query=${encodeURIComponent(query)}` });

/** The data of the `next` events of a whole answer. */
export const results = (text: string): unknown[] =>
  [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));

/** A connection that asks and then reads nothing, or only what the test reads. */
export async function askRaw(server: LiveServer, query: string): Promise<Socket> {
  const body = JSON.stringify({ query });
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}
