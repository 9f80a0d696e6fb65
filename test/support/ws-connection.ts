import { once } from "node:events";
import { request } from "node:http";
import { type Client, createClient } from "graphql-ws";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { LiveServer } from "./live-server.js";
import { eventually } from "./raw-server.js";

/** The sub-protocol that is spoken. */
export const PROTOCOL = "graphql-transport-ws";

/** The protocol's own client, without retries; it is disposed of with the test. */
export function clientOf(server: Pick<LiveServer, "wsUrl">): Client {
  const client = createClient({ url: server.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  onTestFinished(async () => client.dispose());
  return client;
}

/** Runs an operation to its end. */
export async function collect(client: Client, query: string, variables?: Record<string, unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const result of client.iterate({ query, variables })) all.push(result);
  return all;
}

/** A message of the protocol. */
export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A socket that sends what it is told to, and everything that came back. */
export interface Plain {
  readonly socket: WebSocket;
  readonly messages: readonly Message[];
  send(message: unknown): void;
  subscribe(id: string, query: string): void;
  /** Resolves with the code and the reason of the close. */
  readonly closed: Promise<string>;
}

/** Opens a socket, with `connection_init` unless told otherwise. */
export async function open(server: LiveServer, acknowledged = true): Promise<Plain> {
  const socket = new WebSocket(server.wsUrl, PROTOCOL);
  onTestFinished(() => socket.terminate());
  const messages: Message[] = [];
  socket.on("error", () => {});
  socket.on("message", (data) => messages.push(JSON.parse(data.toString())));
  const closed = once(socket, "close").then(([code, reason]) => `${code} ${reason}`);
  const send = (message: unknown): void => socket.send(typeof message === "string" ? message : JSON.stringify(message));
  await once(socket, "open");
  if (acknowledged) {
    send({ type: "connection_init" });
    await eventually(() => messages.length === 1);
    messages.pop();
  }
  const subscribe = (id: string, query: string): void => send({ type: "subscribe", id, payload: { query } });
  return { socket, messages, send, subscribe, closed };
}

/** The status and the body of the answer to a handshake that is refused. */
export function handshake(
  server: Pick<LiveServer, "port">,
  path: string,
  headers: Record<string, string>,
): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: "127.0.0.1",
      port: server.port,
      path,
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-protocol": PROTOCOL,
        ...headers,
      },
    });
    asked.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve([101, ""]);
    });
    asked.on("response", async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve([response.statusCode ?? 0, body]);
    });
    asked.on("error", reject);
    asked.end();
  });
}
