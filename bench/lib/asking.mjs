import { request as httpRequest } from "node:http";

/**
 * Where a server is and how it is asked.
 * @typedef {object} Address
 * @property {string} url Without a trailing slash.
 * @property {"graphql" | "rest"} dialect
 * @property {import("node:http").Agent} [agent]
 */

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Sends one request of a kind. `data` is null when the answer is a fault as a whole; `text` is what arrived.
 * @param {Address} address
 * @param {import("../workloads/index.mjs").RequestKind} kind
 * @param {object} facts
 * @param {number} sequence
 * @returns {Promise<{ data: any, text: string, latencyMs: number }>}
 */
export async function ask(address, kind, facts, sequence) {
  const isRest = address.dialect === "rest";
  const message = isRest
    ? kind.restOf(facts, sequence)
    : { method: "POST", path: "/graphql", body: kind.bodyOf(facts, sequence) };
  const body = message.body && JSON.stringify(message.body);
  const sentMs = performance.now();
  const { status, text } = await send(address, message, body);
  const latencyMs = performance.now() - sentMs;
  if (status !== 200) return { data: null, text: `${status} ${text}`, latencyMs };
  const answer = JSON.parse(text);
  const data = isRest ? answer : answer.errors ? null : answer.data;
  return { data, text, latencyMs };
}

function send({ url, agent }, { method, path }, body) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = body ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {};
    const options = { agent, hostname, port, path, method, headers, timeout: REQUEST_TIMEOUT_MS };
    const outgoing = httpRequest(options, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString("utf8") }));
      answer.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${REQUEST_TIMEOUT_MS} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
