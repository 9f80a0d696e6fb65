import { once } from "node:events";
import {
  type AddressInfo,
  createServer as createTcpServer,
  connect as openTcp,
  type Server,
  type Socket,
} from "node:net";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished } from "vitest";

/** The end of every request's body, by which a raw server knows that all of it has arrived. */
export const RAW_BODY = "top-secret-body";

/** A small complete answer that leaves the connection open. */
export const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** What is done with a request once all of it has arrived; `nth` counts the requests of that connection from 1. */
export type Behaviour = (socket: Socket, nth: number) => void;

/** A server that counts what arrives and otherwise does as it is told, byte by byte. */
export interface RawServer {
  readonly port: number;
  readonly connections: readonly Socket[];
  readonly requests: readonly string[];
  /** Refuses new connections from now on; those that exist stay. */
  readonly stopListening: () => void;
}

/** Starts a raw server for the test that runs; `event` is the one with which the server hands over a connection. */
export async function startRaw(
  behave: Behaviour,
  server: Server = createTcpServer(),
  event = "connection",
): Promise<RawServer> {
  const connections: Socket[] = [];
  const requests: string[] = [];
  server.on(event, (socket: Socket) => {
    connections.push(socket);
    let nth = 0;
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      text += chunk;
      if (!text.includes(RAW_BODY)) return;
      requests.push(text);
      text = "";
      nth += 1;
      behave(socket, nth);
    });
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, connections, requests, stopListening: () => void server.close() };
}

/** Waits for a condition by asking often, never by guessing how long it takes. */
export async function eventually(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 5, timeout: 5_000 }).toBe(true);
}

/** A listening port whose queue of connections is full and is never emptied: new ones get no answer at all. */
export async function startDeaf(): Promise<number> {
  const program = `
    const { parentPort } = require("node:worker_threads");
    const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });`;
  const worker = new Worker(program, { eval: true, execArgv: [] });
  const [port] = (await once(worker, "message")) as [number];
  const fillers = Array.from({ length: 8 }, () => openTcp(port, "127.0.0.1").on("error", () => {}));
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  await eventually(() => fillers.some((filler) => !filler.connecting));
  return port;
}
