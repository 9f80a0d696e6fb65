import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCardgraphSchema, type ResolverParts } from "../../src/resolvers/schema.js";
import { buildCardgraphSubgraph } from "../../src/resolvers/subgraph.js";
import { orderOf } from "../support/asking.js";
import { accountsOf, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { heapBytes } from "../support/heap.js";
import { type FuzzAnswer, faultOf } from "./fuzz/judge.js";
import { type Family, type FuzzRequest, fuzzRequests } from "./fuzz/requests.js";
import { seeded } from "./fuzz/seeded.js";

/** `npm run fuzz` sends many more, and keeps what came of it. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const RESULT = process.env.FUZZ_RESULT;
/** Requests under way at a time. */
const AT_ONCE = 8;
/** How long a stream that has something to follow is followed. */
const FOLLOW_MS = 300;
/** Growth of the heap that a server may have for its caches, in bytes, once garbage is collected. */
const MAX_GROWTH_BYTES = 64 * 1_048_576;
const SECRET_KEY = "planted-fuzz-secret-key-77c1e4";

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph({
    // No limits by the minute: what is limited would not be looked at.
    env: { RATE_LIMIT_PER_MINUTE: "0", RECONCILE_SCHEDULE_MS: "600000", REVEALS_PER_MINUTE: "100000" },
    prepaidify: { secretKey: SECRET_KEY, recordRequests: false },
  });
});
afterAll(() => server.close());

/** An order with its card, and a contact: their ids are among those that are asked for. */
async function placeSome(): Promise<readonly string[]> {
  const query = `mutation($order: CreateVirtualCardInput!, $contact: CreateCardContactInput!) {
    createVirtualCard(input: $order) { order { id card { id cardHolder { id } } } }
    createCardContact(input: $contact) { contact { id } }
  }`;
  const contact = { firstName: "Ana", lastName: "Silva", mobile: "+5511999999999", email: "ana@merchant.example" };
  const placed = await (await server.post({ query, variables: { order: orderOf("fuzz-0").input, contact } })).text();
  const ids = [...placed.matchAll(/"id":"(\w+)"/g)].map(([, id = ""]) => id);
  return [...ids, "fuzz-0", Buffer.from(`1:${ids[1]}`).toString("base64url")];
}

/** Sends a request, and reads its answer to the end, or as much of it as comes in a while. */
async function send({ method, search, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const init = {
    method,
    headers,
    body: body === null ? undefined : typeof body === "string" ? body : new Uint8Array(body),
  };
  const answer = await fetch(`${server.url}/graphql${search}`, { ...init, redirect: "manual" });
  const contentType = answer.headers.get("content-type");
  const streams = contentType?.startsWith("text/event-stream") ?? false;
  const text = streams ? await beginningOf(answer) : await answer.text();
  return { status: answer.status, requestId: answer.headers.get("x-request-id"), contentType, text };
}

async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const timer = setTimeout(() => void reader?.cancel(), FOLLOW_MS);
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value;
  clearTimeout(timer);
  return text;
}

/** What may be in no answer. */
function secretsOf({ prepaidify, pagsmile, dataDir }: Cardgraph): readonly string[] {
  const { PAGSMILE_PRIVATE_KEY = "" } = accountsOf(prepaidify, pagsmile);
  const cards = prepaidify.cards().map(({ number }) => number);
  const keyLines = PAGSMILE_PRIVATE_KEY.split("\n").slice(1, -2);
  return [SECRET_KEY, prepaidify.account.accessKey, ...keyLines, dataDir, ...cards];
}

interface Outcome {
  readonly families: Partial<Record<Family, number>>;
  /** By the code of the first error. */
  readonly answers: Record<string, number>;
  readonly faults: string[];
}

/** Sends as many requests, and adds what came of them. */
async function attack(requests: Iterator<FuzzRequest>, count: number, outcome: Outcome): Promise<void> {
  let left = count;
  const { families, answers, faults } = outcome;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const request = requests.next().value as FuzzRequest;
      const answer = await send(request);
      families[request.family] = (families[request.family] ?? 0) + 1;
      const kind = /"code":"(\w+)","requestId"/.exec(answer.text)?.[1] ?? "no error";
      answers[kind] = (answers[kind] ?? 0) + 1;
      const fault = faultOf(answer, left % 500 === 0 ? secretsOf(server) : [SECRET_KEY, server.dataDir]);
      if (fault !== null) faults.push(`${fault} <- ${request.family} ${request.search} ${request.body}`.slice(0, 600));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

describe("requests that were made up", () => {
  it("are all answered in shape, none with a fault of the server, and leave nothing behind", async () => {
    const schema = buildCardgraphSubgraph(buildCardgraphSchema({} as ResolverParts), { authDirectives: false }).schema;
    const requests = fuzzRequests(schema, seeded(SEED), await placeSome());
    const outcome: Outcome = { families: {}, answers: {}, faults: [] };
    const warmUp = Math.ceil(REQUESTS / 4);
    await attack(requests, warmUp, outcome);
    const before = heapBytes();
    await attack(requests, REQUESTS - warmUp, outcome);
    const masked = server.log.filter((line) => line.includes("masked error"));
    // What the test itself remembers of the server is none of its memory.
    (server.log as string[]).length = 0;
    const grownBytes = heapBytes() - before;
    const { families, answers, faults } = outcome;
    const figures = { requests: REQUESTS, seed: SEED, families, answers, faults: faults.length, grownBytes };
    if (RESULT) writeFileSync(RESULT, `${JSON.stringify(figures, null, 2)}\n`);
    expect(faults.slice(0, 20)).toEqual([]);
    expect(masked).toEqual([]);
    expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(server.prepaidify.cards().length).toBeGreaterThan(1);
    expect((await (await server.post({ query: "{ providers { code } }" })).json()).data.providers).toHaveLength(2);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  }, 3_600_000);
});
