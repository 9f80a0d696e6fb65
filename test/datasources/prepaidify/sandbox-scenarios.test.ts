import { describe, expect, it } from "vitest";
import { MAGIC_DEPOSITS } from "../../../src/datasources/prepaidify/sandbox/scenario.js";
import { EMAIL } from "./sandbox-request.js";
import { eventually, failureOf, order, world } from "./support.js";

describe("callbacks of the sandbox", () => {
  it.each([
    ["approve", 1, "ACTIVE"],
    ["repeated-callback", 3, "ACTIVE"],
    ["late-callback", 1, "ACTIVE"],
    ["unknown-status", 1, "SUSPENDED"],
  ] as const)("of %s come %i times with status %s and one event id", async (kind, times, status) => {
    const { sandbox, provider, desk } = await world();
    sandbox.script({ kind });
    await provider.createVirtualCard(order());
    await eventually(() => desk.events.length === times);
    expect(new Set(desk.events.map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
    expect(desk.events.every(({ payload }) => payload.status === status)).toBe(true);
  });

  it("announce a failed opening, whose deposit is refunded", async () => {
    const { sandbox, provider, desk } = await world();
    sandbox.script({ kind: "fail-and-refund" });
    const { providerCardId } = await provider.createVirtualCard(order());
    expect(await eventually(() => desk.events[0])).toMatchObject({ eventType: "CREATE_CARD_FAIL", providerCardId });
    const card = await provider.readCard({ providerCardId, email: EMAIL });
    expect(card).toMatchObject({ status: "CREATE_CARD_FAILED_REFUND", balanceMinor: 0, bin: null });
  });

  it("overtake the answer where the scenario says so, and the answer is then the older news", async () => {
    const { sandbox, provider, desk } = await world();
    sandbox.script({ kind: "early-callback" });
    const card = await provider.createVirtualCard(order());
    expect(desk.events).toHaveLength(1);
    expect(card.status).toBe("INIT");
    const { providerCardId } = card;
    expect((await provider.readCard({ providerCardId, email: EMAIL })).status).toBe("ACTIVE");
  });

  it("never come where they are lost or switched off, although the card opens", async () => {
    for (const callbacks of [true, false]) {
      const { sandbox, provider, desk } = await world({ callbacks });
      sandbox.script({ kind: callbacks ? "lost-callback" : "approve" });
      await provider.createVirtualCard(order());
      const card = await eventually(() => sandbox.cards().find(({ status }) => status === "ACTIVE"));
      // A later order's callback is the proof that time enough has passed for the first one's.
      expect(await sandbox.resendCallback(card.cardId)).toBe(200);
      expect(desk.events).toHaveLength(1);
    }
  });

  it("are sent again until they are acknowledged", async () => {
    const { provider, desk } = await world();
    desk.tokens.clear();
    let refused = 0;
    const receive = desk.receive.bind(desk);
    desk.receive = async (event) => {
      refused += 1;
      if (refused === 3) desk.tokens.add("token-1");
      return receive(event);
    };
    await provider.createVirtualCard(order());
    await eventually(() => desk.events[0]);
    expect(refused).toBe(3);
  });

  it("can be sent by hand, with anything in them", async () => {
    const { sandbox, desk, publicUrl } = await world();
    const address = `${publicUrl}/callbacks/prepaidify/events/token-1`;
    expect(await sandbox.sendCallback(address, "not JSON")).toBe(400);
    expect(await sandbox.sendCallback(`${address}0`, '{"eventType":"X","data":{}}')).toBe(404);
    expect(await sandbox.sendCallback(address, '{"eventType":"X","data":{}}')).toBe(200);
    expect(desk.events).toHaveLength(1);
  });
});

describe("magic deposits", () => {
  it("are distinct, inside the limits, and end as they say", async () => {
    const amounts = MAGIC_DEPOSITS.map(({ amountMinor }) => amountMinor);
    expect(amounts).toEqual(MAGIC_DEPOSITS.map((_magic, index) => 1001 + index));
  });

  it.each([
    [1001, "rejected", "ISSUER_BALANCE_TOO_LOW"],
    [1002, "rejected", "KYC_REQUIRED"],
    [1003, "rejected", "PROVIDER_REJECTED"],
    [1004, "outcome_unknown", undefined],
    [1005, "outcome_unknown", undefined],
    [1006, "malformed", undefined],
    [1007, "outcome_unknown", undefined],
    [1012, "outcome_unknown", undefined],
    [1014, "outcome_unknown", undefined],
    [1015, "outcome_unknown", undefined],
    [1016, "outcome_unknown", undefined],
    [1017, "outcome_unknown", undefined],
    [1018, "outcome_unknown", undefined],
    [1019, "rate_limited", undefined],
    [1021, "malformed", undefined],
  ])("%i ends as %s (%s)", async (amountMinor, kind, code) => {
    const { provider, sandbox } = await world({ timeoutMs: 300 });
    const error = await failureOf(provider.createVirtualCard(order({ deposit: { amountMinor, currency: "USD" } })));
    expect({ kind: error.kind, code: error.userError?.code }).toEqual({ kind, code });
    const described = MAGIC_DEPOSITS.find((magic) => magic.amountMinor === amountMinor)?.description ?? "";
    expect(sandbox.cards()).toHaveLength(/^(?:refused|not accepted)/.test(described) ? 0 : 1);
  });

  it.each([
    1008, 1009, 1010, 1011, 1013, 1020, 1024, 1025, 1026,
  ])("%i is answered like any other order", async (amountMinor) => {
    const { provider } = await world();
    const card = await provider.createVirtualCard(order({ deposit: { amountMinor, currency: "USD" } }));
    expect(card).toMatchObject({ status: "INIT", depositMinor: amountMinor });
  });
});
