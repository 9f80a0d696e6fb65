import { describe, expect, it } from "vitest";
import { callbackRoutes } from "../../../src/datasources/prepaidify/callback.js";
import type { InboundAnswer } from "../../../src/domain/registration.js";
import { account, clockAt, failureOf, MemoryDesk, MemoryJournal, order, parts, world } from "./support.js";

/** The moment of the reference's vector. */
const VECTOR_CLOCK = clockAt("2023-11-21T06:48:31.596Z");

interface Asking {
  readonly url?: string;
  readonly operation?: string;
  readonly orderNo?: string;
  readonly publicUrl?: string;
  readonly reverseSignQuery?: boolean;
  readonly journal?: MemoryJournal;
}

/** Asks the route about an order, `v_5bc814` being created right now. */
async function ask(asking: Asking = {}): Promise<InboundAnswer> {
  const { operation = "create", orderNo = "v_5bc814", publicUrl = "https://merchant.example" } = asking;
  const { url = `/callbacks/prepaidify/validate/${operation}?orderNo=${orderNo}` } = asking;
  const desk = new MemoryDesk();
  desk.sending.add("PREPAIDIFY create v_5bc814");
  const ofParts = parts({
    clock: VECTOR_CLOCK,
    publicUrl: () => publicUrl,
    journal: asking.journal ?? new MemoryJournal(),
  });
  const [route] = callbackRoutes(account({ reverseSignQuery: asking.reverseSignQuery ?? true }), ofParts);
  if (!route) throw new Error("no route");
  const query: Record<string, string> = orderNo === "" ? {} : { orderNo };
  return route.handle({ url, params: { operation }, query, body: "" }, desk);
}

describe("the answer to a reverse validation", () => {
  it("is a signed `success` for an order that is being sent", async () => {
    expect(await ask()).toMatchObject({
      status: 200,
      body: "success",
      headers: { "ach-access-key": "test-access", "ach-access-timestamp": "1700549311596" },
    });
  });

  // Computed apart from this code, as HMAC-SHA256 over the timestamp, GET and the path named beside each.
  it.each([
    ["path and query", {}, "1PazmpEiN4tNtfG7BI4wzEDQwR+CyD5Ublgcd7e5s+w="],
    ["the path alone where configured so", { reverseSignQuery: false }, "liqnqPWyV9f0/pL4rSGDvYES/ND02JqXrZJ38O2aA/s="],
    [
      "the public address's prefix too",
      { publicUrl: "https://merchant.example/cards" },
      "CzlUMYZp1qdxPRSoz2+nmb6ieACWeYUJ3bVsxcJoldw=",
    ],
    [
      "the query as it was received, whatever is in it",
      { url: "/callbacks/prepaidify/validate/create?a=%20&orderNo=v_5bc814" },
      "U0tnoKIS/EVtmpeBP1oNcsQvDtI+lNCizLsWp70HjSc=",
    ],
  ])("signs %s", async (_what, asking, signature) => {
    expect((await ask(asking)).headers["ach-access-sign"]).toBe(signature);
  });

  it.each([
    ["an order that is not being sent", { orderNo: "v_other" }],
    ["another operation on the same order", { operation: "deposit" }],
    ["an operation that does not exist", { operation: "withdraw" }],
    ["no order", { orderNo: "" }],
    ["an order number of another shape", { orderNo: "v_5bc814\u0000" }],
    ["an order number that is too long", { orderNo: "v".repeat(65) }],
    ["a request target that is no path", { url: "http://merchant.example/callbacks" }],
  ])("is no, and unsigned, for %s", async (_what, asking) => {
    const { status, headers, body } = await ask(asking);
    expect({ status, body }).toEqual({ status: 404, body: "not found" });
    expect(Object.keys(headers)).toEqual(["content-type"]);
  });

  it("is written down where the desk was not asked, without a value of the request", async () => {
    const journal = new MemoryJournal();
    await ask({ operation: "planted", journal });
    await ask({ orderNo: "planted!", journal });
    await ask({ journal });
    expect(journal.entries).toEqual([
      { event: "reverse_validation", provider: "PREPAIDIFY", operation: "other", outcome: "refused" },
      { event: "reverse_validation", provider: "PREPAIDIFY", operation: "create", outcome: "refused" },
    ]);
  });
});

describe("the provider, once it has asked", () => {
  it("opens no card for an order that we do not confirm", async () => {
    const { provider, sandbox } = await world();
    const error = await failureOf(provider.createVirtualCard(order({ orderNo: "order-2" })));
    expect(error).toMatchObject({ kind: "credentials", providerCode: "200008" });
    expect(sandbox.cards()).toEqual([]);
  });

  it("opens no card when our signature leaves out what it signs", async () => {
    const { provider, sandbox } = await world({ tamper: { reverseSignQuery: false } });
    const error = await failureOf(provider.createVirtualCard(order()));
    expect(error).toMatchObject({ kind: "credentials", providerCode: "200009" });
    expect(sandbox.cards()).toEqual([]);
  });

  it("is content with the path alone where both sides are set so", async () => {
    const { provider, sandbox } = await world({ reverseSignQuery: false });
    await provider.createVirtualCard(order());
    expect(sandbox.cards()).toHaveLength(1);
  });

  it("finds us behind a path prefix", async () => {
    const { provider, sandbox } = await world({ prefix: "/cards" });
    await provider.createVirtualCard(order());
    expect(sandbox.cards()).toHaveLength(1);
  });

  it("opens no card when we cannot be reached", async () => {
    const { provider, sandbox } = await world({ publicUrl: () => "http://127.0.0.1:9" });
    expect((await failureOf(provider.createVirtualCard(order()))).providerCode).toBe("200008");
    expect(sandbox.cards()).toEqual([]);
  });
});
