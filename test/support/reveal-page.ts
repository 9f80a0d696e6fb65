import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The page as it lies in the examples. */
export const REVEAL_PAGE = readFileSync("examples/reveal.html", "utf8");

/** The page behind the same name as the server, as a reverse proxy has them. */
export interface RevealSite {
  readonly url: string;
  /** Every body that went through it, questions and answers, as a recorder on the way sees them. */
  readonly recorded: readonly string[];
  close(): Promise<void>;
}

/** Serves the page, and passes `/graphql` on to a server. */
export async function serveRevealPage(graphqlOrigin: string): Promise<RevealSite> {
  const recorded: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.url !== "/graphql") return response.setHeader("content-type", "text/html").end(REVEAL_PAGE);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { authorization } = request.headers;
    const headers = { "content-type": "application/json", ...(authorization ? { authorization } : {}) };
    const answer = await fetch(`${graphqlOrigin}/graphql`, { method: "POST", headers, body });
    const text = await answer.text();
    recorded.push(body, text);
    return response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    recorded,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
