import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeSelfSigned } from "./tls/self-signed.js";

/** A message as a receiver got it. */
export interface ReceivedMessage {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers its nth message, counted from 1. */
export type AnswerMessage = (answer: ServerResponse, nth: number, message: ReceivedMessage) => void;

/** A caller's own https server. */
export interface Receiver {
  /** Address of it, without a path. */
  readonly url: string;
  /** The authority to trust with it, PEM. */
  readonly ca: string;
  readonly messages: readonly ReceivedMessage[];
  /** How many connections have reached it, those that ended before a message too. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts an https server on loopback that remembers what it is sent and answers as told; with 204 unless told. */
export async function startReceiver(answer: AnswerMessage = (response) => void response.writeHead(204).end()) {
  const { cert, key } = makeSelfSigned();
  const messages: ReceivedMessage[] = [];
  let connections = 0;
  const server = createServer({ cert, key }, (request, response) => {
    void bodyOf(request).then((body) => {
      const message = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      answer(response, messages.push(message), message);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiver: Receiver = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: cert,
    messages,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return receiver;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
