import { describe, expect, it } from "vitest";
import { prepaidify } from "../../../src/datasources/prepaidify/index.js";
import type { Scenario } from "../../../src/datasources/prepaidify/sandbox/scenario.js";
import { CAPABILITIES } from "../../../src/domain/provider-code.js";
import { eventually, failureOf, order, world } from "./support.js";

const EMAIL = "ada@example.com";

describe("the registration", () => {
  it("claims exactly the capabilities that the adapter has", async () => {
    const { provider } = await world();
    const present = CAPABILITIES.filter((name) => name in provider);
    expect([...prepaidify.capabilities].sort()).toEqual(present.sort());
    expect(prepaidify).toMatchObject({ code: "PREPAIDIFY", name: "Prepaidify" });
  });

  it("tells whether a repeated order number is refused", async () => {
    expect((await world({ dedupesOrders: true })).provider.refusesRepeatedOrderNo).toBe(true);
    expect((await world({ dedupesOrders: false })).provider.refusesRepeatedOrderNo).toBe(false);
  });
});

describe("an order that goes well", () => {
  it("is answered while the card is opening, after the provider has asked us about it", async () => {
    const { provider, journal, sandbox } = await world();
    const card = await provider.createVirtualCard(order());
    expect(card).toMatchObject({
      status: "INIT",
      customerId: "customer-1",
      cardHolder: { firstName: "Ada", lastName: "Lovelace", holderName: "Ada Lovelace", city: "Vienna" },
      depositMinor: 5_000,
      balanceMinor: 5_000,
      consumeMinor: 0,
      currency: "USD",
      bin: null,
      last4: null,
      expMonth: null,
      openedAt: null,
      tags: ["test"],
    });
    expect(card.providerCardId).toMatch(/^c_/);
    expect(sandbox.cardsByOrderNo()).toEqual(new Map([["order-1", 1]]));
    expect(journal.of("provider_call")).toMatchObject([{ operation: "create", outcome: "ok" }]);
  });

  it("ends with a callback and an active card", async () => {
    const { provider, desk } = await world();
    const { providerCardId } = await provider.createVirtualCard(order());
    const event = await eventually(() => desk.events[0]);
    expect(event).toMatchObject({
      provider: "PREPAIDIFY",
      token: "token-1",
      eventType: "CREATE_CARD",
      orderNo: "order-1",
      providerCardId,
      payload: { status: "ACTIVE", cardId: providerCardId },
    });
    const card = await provider.readCard({ providerCardId, email: EMAIL });
    expect(card).toMatchObject({ status: "ACTIVE", bin: "400000", depositMinor: 5_000 });
    expect(card.last4).toMatch(/^\d{4}$/);
    expect(card.expYear).toBeGreaterThan(2025);
    expect(card.openedAt).toBeInstanceOf(Date);
  });

  it("lists the ranges that cards can be opened from", async () => {
    const { provider } = await world();
    const ranges = await provider.listCardRanges();
    expect(ranges[0]).toMatchObject({
      id: "vab_069af8a792ad",
      bin: "400000",
      cardCount: 0,
      minDeposit: { amountMinor: 200, currency: "USD" },
    });
    expect(ranges.map(({ id }) => id)).toContain("v_5bc814");
  });
});

describe("each way in which an order goes wrong", () => {
  it.each<[Scenario, string, number]>([
    [{ kind: "decline", code: "300006" }, "rejected", 0],
    [{ kind: "rate-limited" }, "rate_limited", 0],
    [{ kind: "reset-before-accept" }, "outcome_unknown", 0],
    [{ kind: "server-error-not-accepted" }, "outcome_unknown", 0],
    [{ kind: "reset-after-accept" }, "outcome_unknown", 1],
    [{ kind: "cut-body" }, "outcome_unknown", 1],
    [{ kind: "garbled" }, "malformed", 1],
    [{ kind: "server-error" }, "outcome_unknown", 1],
    [{ kind: "unlisted-code" }, "outcome_unknown", 1],
    [{ kind: "huge-body" }, "outcome_unknown", 1],
    [{ kind: "inconsistent" }, "malformed", 1],
  ])("%j is %s, with %i cards at the provider", async (scenario, kind, cards) => {
    const { provider, sandbox } = await world();
    sandbox.script(scenario);
    expect((await failureOf(provider.createVirtualCard(order()))).kind).toBe(kind);
    expect(sandbox.cards()).toHaveLength(cards);
  });

  it.each(["hang", "drip"] as const)("%s does not outlive the deadline", async (kind) => {
    const { provider, sandbox } = await world({ timeoutMs: 250 });
    sandbox.script({ kind });
    const startedMs = performance.now();
    const error = await failureOf(provider.createVirtualCard(order()));
    expect(error).toMatchObject({ kind: "outcome_unknown", reason: "deadline passed" });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(sandbox.cardsByOrderNo().get("order-1")).toBe(1);
  });

  it("a repeated order number is a conflict where it is refused, and a second card where it is not", async () => {
    for (const [dedupesOrders, cards] of [
      [true, 1],
      [false, 2],
    ] as const) {
      const { provider, sandbox } = await world({ dedupesOrders });
      await provider.createVirtualCard(order());
      const again = provider.createVirtualCard(order());
      if (dedupesOrders) expect((await failureOf(again)).kind).toBe("conflict");
      else await again;
      expect(sandbox.cardsByOrderNo().get("order-1")).toBe(cards);
    }
  });

  it("wrong keys are our own fault, and nothing is opened", async () => {
    const { provider, sandbox, journal } = await world({ tamper: { accessKey: "other" } });
    expect(await failureOf(provider.createVirtualCard(order()))).toMatchObject({
      kind: "credentials",
      providerCode: "300002",
      userError: null,
    });
    expect(journal.of("credentials_refused")).toHaveLength(1);
    expect(sandbox.cards()).toEqual([]);
  });
});

describe("reading a card", () => {
  it("that does not exist says so", async () => {
    const { provider } = await world();
    const error = await failureOf(provider.readCard({ providerCardId: "c_none", email: EMAIL }));
    expect(error).toMatchObject({ kind: "not_found", providerCode: "404005" });
  });

  it("under another address than it was opened with is our own mistake", async () => {
    const { provider } = await world();
    const { providerCardId } = await provider.createVirtualCard(order());
    const error = await failureOf(provider.readCard({ providerCardId, email: "someone@example.com" }));
    expect(error).toMatchObject({ kind: "credentials", providerCode: "403009" });
  });

  it("in a status that is on no list keeps the provider's word and tells the operator", async () => {
    const { provider, sandbox, journal } = await world();
    const { providerCardId } = await provider.createVirtualCard(order());
    sandbox.setCardStatus(providerCardId, "SUSPENDED");
    const card = await provider.readCard({ providerCardId, email: EMAIL });
    expect(card).toMatchObject({ status: "UNRECOGNIZED", providerStatus: "SUSPENDED" });
    expect(journal.of("unrecognized_card_status")).toEqual([
      { event: "unrecognized_card_status", provider: "PREPAIDIFY", providerStatus: "SUSPENDED" },
    ]);
  });
});

describe("card number and CVC", () => {
  it("reach no snapshot, no event and no journal, although the provider sends both", async () => {
    const { provider, sandbox, desk, journal } = await world();
    sandbox.script({ kind: "repeated-callback" });
    const created = await provider.createVirtualCard(order());
    await eventually(() => desk.events.length === 3);
    const read = await provider.readCard({ providerCardId: created.providerCardId, email: EMAIL });
    const [card] = sandbox.cards();
    if (!card) throw new Error("no card");
    const kept = { created, read, events: desk.events, journal: journal.entries };
    // The last four digits are the field `last4`; the rest of the number must be nowhere, in no spelling.
    const text = JSON.stringify(kept).replaceAll(/[\s-]/g, "");
    expect(text).not.toContain(card.number);
    expect(text).not.toContain(card.number.slice(0, 12));
    expect(text).not.toMatch(new RegExp(`"${card.cvc}"|:${card.cvc}[,}]`));
    expect(text).not.toMatch(/cvc|"number"/i);
  });
});
