import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import { sign, signingKey } from "../../../src/datasources/prepaidify/crypto.js";
import { account, adapter, clockAt, failureOf, MemoryJournal, order, parts, serve } from "./support.js";

const NOW = "2026-01-02T03:04:05.678Z";
const KEY = signingKey("test-secret-0123456789abcdef");

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that gives every request the same answer, and what it saw. */
async function stub(answer: { status?: number; body?: string; headers?: Record<string, string> } = {}) {
  const seen: Seen[] = [];
  const url = await serve((request, body, response) => {
    seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '{"success":true,"code":0,"model":[]}');
  });
  return { url, seen };
}

function success(model: unknown): string {
  return JSON.stringify({ success: true, error: false, code: 0, model, traceId: 1646648711017 });
}

function cardAnswer(card: object): string {
  const usual = { cardId: "c_1", deposit: 5000, consume: 0, balance: 5000, status: "INIT", customerId: "customer-1" };
  return success({ card: { ...usual, ...card }, cardHolder: {}, tags: [] });
}

describe("what goes out", () => {
  it("is an order as canonical JSON, signed over the very bytes that are sent", async () => {
    const { url, seen } = await stub({ body: cardAnswer({}) });
    await adapter(account({ baseUrl: url }), parts({ clock: clockAt(NOW) })).createVirtualCard(order());
    const body =
      '{"callbackUrl":"http://merchant.example/callbacks/prepaidify/events/token-1",' +
      '"cardHolder":{"firstName":"Ada","lastName":"Lovelace"},"customerId":"customer-1","deposit":"5000",' +
      '"orderNo":"order-1","vid":"vab_069af8a792ad"}';
    expect(seen).toMatchObject([
      {
        method: "POST",
        path: "/open/api/card/create",
        body,
        headers: {
          "ach-access-key": "test-access",
          "ach-access-timestamp": "1767323045678",
          "ach-access-sign": sign(KEY, "1767323045678", "POST", "/open/api/card/create", body),
          "content-type": "application/json",
          email: "ada@example.com",
          language: "EN",
        },
      },
    ]);
  });

  it("leaves out the cardholder and the customer where there are none", async () => {
    const { url, seen } = await stub({ body: cardAnswer({ customerId: null }) });
    await adapter(account({ baseUrl: url }), parts()).createVirtualCard(order({ cardHolder: null, customerId: null }));
    expect(Object.keys(JSON.parse(seen[0]?.body ?? ""))).toEqual(["callbackUrl", "deposit", "orderNo", "vid"]);
  });

  it("signs the base address's path prefix too", async () => {
    const { url, seen } = await stub({ body: cardAnswer({}) });
    const provider = adapter(account({ baseUrl: `${url}/gateway/` }), parts({ clock: clockAt(NOW) }));
    await provider.readCard({ providerCardId: "c_1", email: "ada@example.com" });
    const [request] = seen;
    expect(request).toMatchObject({ path: "/gateway/open/api/card/info", body: '{"cardId":"c_1"}' });
    expect(request?.headers["ach-access-sign"]).toBe(
      sign(KEY, "1767323045678", "POST", "/gateway/open/api/card/info", '{"cardId":"c_1"}'),
    );
  });

  it("asks for the ranges at the configured path, with the configured address or with none", async () => {
    const { url, seen } = await stub();
    const plain = account({ baseUrl: url, cardRangesPath: "/open/api/v1/rest/card/vd/list" });
    await adapter(plain, parts()).listCardRanges();
    await adapter({ ...plain, defaultEmail: "ops@example.com" }, parts()).listCardRanges();
    expect(seen).toMatchObject([{ method: "GET", path: plain.cardRangesPath, body: "" }, {}]);
    expect(seen.map(({ headers }) => headers.email)).toEqual([undefined, "ops@example.com"]);
    expect(seen[0]?.headers["content-type"]).toBeUndefined();
  });

  it("names the configured address where the caller names nobody", async () => {
    const { url, seen } = await stub({ body: cardAnswer({}) });
    const provider = adapter(account({ baseUrl: url, defaultEmail: "ops@example.com" }), parts());
    await provider.createVirtualCard(order({ email: null }));
    await provider.readCard({ providerCardId: "c_1", email: null });
    expect(seen.map(({ headers }) => headers.email)).toEqual(["ops@example.com", "ops@example.com"]);
  });
});

describe("what is refused before anything is sent", () => {
  it.each([
    ["ada\r\nx-evil: 1@example.com"],
    ["ada\u0000@example.com"],
    ["成功@example.com"],
    ["jürgen@example.com"],
    [`${"a".repeat(250)}@example.com`],
    ["ada lovelace@example.com"],
    [""],
  ])("an e-mail address that fits no header: %j", async (email) => {
    const { url, seen } = await stub();
    const provider = adapter(account({ baseUrl: url }), parts());
    const error = await failureOf(provider.createVirtualCard(order({ email })));
    expect(error).toMatchObject({ kind: "rejected", userError: { code: "INVALID_INPUT", field: ["email"] } });
    expect((await failureOf(provider.readCard({ providerCardId: "c_1", email }))).kind).toBe("rejected");
    expect(seen).toEqual([]);
  });

  it("an order without e-mail address where none is configured", async () => {
    const { url, seen } = await stub();
    const provider = adapter(account({ baseUrl: url }), parts());
    expect(provider.emailPolicy).toEqual({ required: true, fallback: null });
    const error = await failureOf(provider.createVirtualCard(order({ email: null })));
    expect(error.userError).toMatchObject({ code: "INVALID_INPUT", field: ["email"] });
    expect(seen).toEqual([]);
  });

  it("a deposit in another currency", async () => {
    const { url, seen } = await stub();
    const deposit = { amountMinor: 5_000, currency: "EUR" };
    const error = await failureOf(adapter(account({ baseUrl: url }), parts()).createVirtualCard(order({ deposit })));
    expect(error.userError).toMatchObject({ code: "INVALID_INPUT", field: ["deposit", "currency"] });
    expect(seen).toEqual([]);
  });

  it("a callback address of more than 256 characters, which an operator has to mend", async () => {
    const { url, seen } = await stub({ body: cardAnswer({}) });
    const host = "http://merchant.example";
    const longest = 256 - "/callbacks/prepaidify/events/token-1".length;
    const publicUrl = `${host}/${"p".repeat(longest - host.length - 1)}`;
    const create = (address: string) =>
      adapter(account({ baseUrl: url }), parts({ publicUrl: () => address })).createVirtualCard(order());
    await create(publicUrl);
    expect(JSON.parse(seen[0]?.body ?? "").callbackUrl).toHaveLength(256);
    expect((await failureOf(create(`${publicUrl}p`))).kind).toBe("credentials");
    expect(seen).toHaveLength(1);
  });
});

describe("what comes back", () => {
  it.each([
    ["another customer", { customerId: "customer-2" }],
    ["another deposit", { deposit: 5001 }],
    ["no deposit on an open card", { deposit: 0, status: "ACTIVE" }],
    ["no deposit in an unlisted status", { deposit: 0, status: "SUSPENDED" }],
    ["a deposit that is no whole number of cents", { deposit: 5000.5 }],
    ["no card id", { cardId: "-" }],
  ])("is not believed with %s", async (_what, card) => {
    const { url } = await stub({ body: cardAnswer(card) });
    const error = await failureOf(adapter(account({ baseUrl: url }), parts()).createVirtualCard(order()));
    expect(error).toMatchObject({ kind: "malformed", traceId: "1646648711017", userError: null });
  });

  it.each([
    ["the customer left out", { customerId: null }],
    ["a placeholder for the customer", { customerId: "-" }],
    ["no deposit while it is opening", { deposit: 0, status: "INIT_CREATE_CARD" }],
    ["a deposit as digits", { deposit: "5000" }],
  ])("is believed with %s", async (_what, card) => {
    const { url } = await stub({ body: cardAnswer(card) });
    const snapshot = await adapter(account({ baseUrl: url }), parts()).createVirtualCard(order());
    expect(snapshot.providerCardId).toBe("c_1");
  });

  it("is not believed about another card than the one that was read", async () => {
    const { url } = await stub({ body: cardAnswer({ cardId: "c_2" }) });
    const provider = adapter(account({ baseUrl: url }), parts());
    expect((await failureOf(provider.readCard({ providerCardId: "c_1", email: "a@example.com" }))).kind).toBe(
      "malformed",
    );
  });

  it.each([[null], [true], [{}], [[]], [{ card: null }]])("is not a card when the model is %j", async (model) => {
    const { url } = await stub({ body: success(model) });
    const error = await failureOf(adapter(account({ baseUrl: url }), parts()).createVirtualCard(order()));
    expect(error.kind).toBe("malformed");
  });

  it("is not followed when it points elsewhere", async () => {
    const elsewhere = await stub({ body: cardAnswer({}) });
    const { url } = await stub({ status: 307, headers: { location: elsewhere.url }, body: "" });
    const error = await failureOf(adapter(account({ baseUrl: url }), parts()).createVirtualCard(order()));
    expect(error.kind).toBe("malformed");
    expect(elsewhere.seen).toEqual([]);
  });

  it("tells the operator of refused credentials and of codes that are on no list", async () => {
    const journal = new MemoryJournal();
    for (const code of [200006, 699999, "4000009990000096"]) {
      const { url } = await stub({ body: JSON.stringify({ success: false, error: true, code, model: null }) });
      await failureOf(adapter(account({ baseUrl: url }), parts({ journal })).listCardRanges());
    }
    expect(journal.entries.filter(({ event }) => event !== "provider_call")).toEqual([
      { event: "credentials_refused", provider: "PREPAIDIFY", providerCode: "200006" },
      { event: "unlisted_provider_code", provider: "PREPAIDIFY", providerCode: "699999" },
      { event: "unlisted_provider_code", provider: "PREPAIDIFY", providerCode: "unreadable" },
    ]);
    expect(journal.of("provider_call")).toMatchObject([
      { operation: "ranges", outcome: "credentials" },
      { operation: "ranges", outcome: "outcome_unknown", reason: "unlisted code" },
      { operation: "ranges", outcome: "outcome_unknown", providerCode: null },
    ]);
  });
});

describe("a provider that cannot be reached", () => {
  it("was provably not sent anything", async () => {
    const error = await failureOf(
      adapter(account({ baseUrl: "http://127.0.0.1:9" }), parts()).createVirtualCard(order()),
    );
    expect(error.kind).toBe("unavailable");
  });
});
