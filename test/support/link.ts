import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A line to a server that can be cut, or made to lose everything without a word. */
export interface Link {
  /** The same address, by way of this line. */
  through(url: string): string;
  /** Connections that are open now go dead: they stay open and nothing passes any more. New ones work. */
  swallow(): void;
  /** New connections are dead from the start, too, until {@link mend}. */
  swallowAll(): void;
  /** Every connection is reset and new ones are refused, until {@link mend}. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a line on a loopback port to the server of an address. */
export async function startLink({ hostname, port: target }: URL): Promise<Link> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const deaden = (socket: Socket): void => void socket.unpipe().removeAllListeners("data").resume();
  const accept = (near: Socket): void => {
    const far = connect(Number(target), hostname);
    keep(near);
    keep(far);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    if (swallowing) return void near.resume();
    near.pipe(far);
    far.pipe(near);
  };
  let server: Server = createServer(accept).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    through: (url) => {
      const address = new URL(url);
      address.host = `127.0.0.1:${port}`;
      return address.href;
    },
    swallow: () => {
      for (const socket of sockets) deaden(socket);
    },
    swallowAll: () => {
      swallowing = true;
      for (const socket of sockets) deaden(socket);
    },
    cut,
    mend: async () => {
      swallowing = false;
      if (server.listening) return;
      server = createServer(accept).listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    close: cut,
  };
}
