import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";

/** A gateway before a provider, which can be told to be out of order for some of its paths. */
export interface ProviderFront {
  readonly url: string;
  /** Paths that end so are answered 503 from now on, and nothing of them reaches the provider; null: none. */
  refuse(pathEnd: string | null): void;
  /** How many requests it has refused. */
  refused(): number;
  close(): Promise<void>;
}

/** Starts a gateway on a loopback port. `target` is the provider's address, asked for at each request. */
export async function startProviderFront(target: () => string): Promise<ProviderFront> {
  let refusing: string | null = null;
  let refused = 0;
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "";
    if (refusing !== null && path.endsWith(refusing)) {
      refused += 1;
      incoming.resume();
      outgoing.writeHead(503).end("out of order");
      return;
    }
    const onward = forward(
      target() + path,
      { method: incoming.method, headers: incoming.headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on("error", () => outgoing.destroy());
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (pathEnd) => {
      refusing = pathEnd;
    },
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
