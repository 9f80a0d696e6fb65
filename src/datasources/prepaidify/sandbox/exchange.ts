import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";

/** What came back from a request of the sandbox. */
export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request that the sandbox makes, as the provider would. */
export interface Outgoing {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Sent as JSON; absent for a GET. */
  readonly body?: string;
  /** Bound on the whole exchange in milliseconds. */
  readonly timeoutMs: number;
  /** Aborts the exchange. */
  readonly signal: AbortSignal;
}

/** Nobody answers a reverse validation or a callback with more than a word. */
const MAX_BODY_BYTES = 4_096;

/** Makes one request on a connection of its own. Rejects when it fails, lasts too long or is aborted. */
export function exchange({ method, url, body, timeoutMs, signal }: Outgoing): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const outgoing = send(url, { method, headers, agent: false, signal: bound }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > MAX_BODY_BYTES) answer.destroy(new Error("answer too large"));
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
      answer.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
