import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { heapBytes } from "../support/heap.js";
import {
  COSTLY_DOCUMENTS,
  type HostileDocument,
  LARGE_AND_ALLOWED,
  ODD_ENVELOPES,
  ODD_TEXTS,
  ODD_VARIABLES,
} from "./hostile-documents.js";

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph({ env: { RATE_LIMIT_PER_MINUTE: "0" } });
});
afterAll(() => server.close());

/** How many times the cost of what is allowed a refusal may have. */
const MAX_TIMES = 25;
/** What a refusal may leave in memory, in bytes, on average. */
const MAX_KEPT_BYTES = 50_000;

const plain = async (body: unknown): Promise<Answer<unknown>> => (await server.post(body)).json();
const streamed = async (body: unknown): Promise<Answer<unknown>> => {
  const text = await (await server.post(body, { accept: "text/event-stream" })).text();
  return JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
};

/** CPU time of this process for one request, in microseconds: the least of a few, so that nothing else counts. */
async function costOf(body: unknown): Promise<number> {
  const costs: number[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const before = process.cpuUsage();
    await plain(body);
    const { user, system } = process.cpuUsage(before);
    costs.push(user + system);
  }
  return Math.min(...costs);
}

let allowedCost = 0;
beforeAll(async () => {
  const costs = await Promise.all(LARGE_AND_ALLOWED.map((query) => costOf({ query })));
  expect((await plain({ query: LARGE_AND_ALLOWED[0] })).errors).toBeUndefined();
  allowedCost = Math.min(...costs);
});

describe.each([
  ["a document that costs", COSTLY_DOCUMENTS],
  ["a document of odd text", ODD_TEXTS],
  ["a document with odd variables", ODD_VARIABLES],
  ["an envelope with more than one operation, or none", ODD_ENVELOPES],
] as const)("%s", (_kind, documents: readonly HostileDocument[]) => {
  it.each(documents)("is refused over every transport, cheaply: $name", async ({ body, code }) => {
    for (const send of [plain, streamed]) {
      const { errors = [], data } = await send(body);
      expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set([code]));
      expect(errors.length).toBeLessThanOrEqual(101);
      for (const value of Object.values(data ?? {})) expect(value).toBeNull();
    }
    expect((await costOf(body)) / allowedCost).toBeLessThan(MAX_TIMES);
  });
});

it("many refusals leave nothing in memory", async () => {
  const documents = [...COSTLY_DOCUMENTS, ...ODD_TEXTS, ...ODD_VARIABLES, ...ODD_ENVELOPES];
  for (const { body } of documents) await plain(body);
  const before = heapBytes();
  for (let turn = 0; turn < 2; turn += 1) for (const { body } of documents) await plain(body);
  expect((heapBytes() - before) / (2 * documents.length)).toBeLessThan(MAX_KEPT_BYTES);
});
