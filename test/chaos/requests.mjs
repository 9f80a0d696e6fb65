import { Agent, request } from "node:http";

/** Connections of this process to the servers under test. */
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

/**
 * Posts JSON and resolves with status and parsed answer. Rejects on anything else than a whole JSON answer in time.
 * @param {string} url
 * @param {object} body
 * @param {number} timeoutMs Bound on all of it.
 * @returns {Promise<{ status: number, json: any }>}
 */
export function postJson(url, body, timeoutMs) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const outgoing = request(url, { method: "POST", headers, agent }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        clearTimeout(timer);
        try {
          resolve({ status: answer.statusCode, json: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
        } catch (error) {
          reject(error);
        }
      });
    });
    const timer = setTimeout(() => outgoing.destroy(new Error("no answer in time")), timeoutMs);
    outgoing.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.end(text);
  });
}

const CREATE = `mutation ($input: CreateVirtualCardInput!) {
  createVirtualCard(input: $input) {
    replayed
    order { orderNo state card { providerCardId status } }
    userErrors { code message retryable }
  }
}`;

/** @returns {Promise<{ status: number, json: any }>} */
export function placeOrder(url, input, timeoutMs) {
  return postJson(`${url}/graphql`, { query: CREATE, variables: { input } }, timeoutMs);
}

/** Orders that are read with one request; the server bounds what one document may ask for. */
export const READ_BATCH = 60;

/**
 * Reads up to {@link READ_BATCH} orders. Resolves with one entry an order, null for one that the server does not know.
 * @param {string} url
 * @param {readonly string[]} orderNos
 */
export async function readOrders(url, orderNos, timeoutMs = 20_000) {
  const names = orderNos.map((_, index) => `o${index}`);
  const query = `query (${names.map((name) => `$${name}: String!`).join(" ")}) {
    ${names.map((name) => `${name}: cardOrder(orderNo: $${name}) { ...Seen }`).join("\n")}
  }
  fragment Seen on CardOrder { state card { providerCardId status } }`;
  const variables = Object.fromEntries(names.map((name, index) => [name, orderNos[index]]));
  const { json } = await postJson(`${url}/graphql`, { query, variables }, timeoutMs);
  if (json.errors || !json.data)
    throw new Error(`orders could not be read: ${JSON.stringify(json.errors).slice(0, 300)}`);
  return names.map((name) => json.data[name] ?? null);
}

/**
 * Why a person has to look at an order: the reason in its newest event that has one, null where none has.
 * @param {string} url
 * @param {string} orderNo
 * @returns {Promise<string | null>}
 */
export async function readReviewReason(url, orderNo, timeoutMs = 20_000) {
  const query = `query ($orderNo: String!) {
    cardOrder(orderNo: $orderNo) { events(first: 50) { edges { node { reviewReason } } } }
  }`;
  const { json } = await postJson(`${url}/graphql`, { query, variables: { orderNo } }, timeoutMs);
  if (json.errors) throw new Error(`an order's events could not be read: ${JSON.stringify(json.errors).slice(0, 300)}`);
  const events = (json.data.cardOrder?.events.edges ?? []).map(({ node }) => node);
  return events.findLast(({ reviewReason }) => reviewReason !== null)?.reviewReason ?? null;
}
