import "reflect-metadata";
import { describe, expect, it } from "vitest";
import { EMAIL } from "./sandbox-request.js";
import { account, adapter, eventually, failureOf, order, parts, world } from "./support.js";

const LATE = { timeoutMs: 100, lateMs: 200 };

describe("a provider that is late", () => {
  it("accepts once the caller has given up", async () => {
    const { provider, sandbox } = await world(LATE);
    const deposit = { amountMinor: 1022, currency: "USD" };
    expect((await failureOf(provider.createVirtualCard(order({ deposit })))).kind).toBe("outcome_unknown");
    expect(sandbox.cards()).toHaveLength(0);
    await eventually(() => sandbox.cards()[0]);
  });

  it("accepts nothing that is no longer being sent when it asks back", async () => {
    const { provider, sandbox, desk, journal } = await world(LATE);
    const deposit = { amountMinor: 1023, currency: "USD" };
    expect((await failureOf(provider.createVirtualCard(order({ deposit })))).kind).toBe("outcome_unknown");
    const asked: string[] = [];
    desk.isSending = async (_provider, _operation, orderNo) => {
      asked.push(orderNo);
      return false;
    };
    await eventually(() => asked[0]);
    // The next order comes after the refusal of the first.
    await failureOf(provider.createVirtualCard(order({ orderNo: "order-2" })));
    expect(sandbox.cards()).toHaveLength(0);
    expect(journal.of("reverse_validation")).toEqual([]);
  });
});

describe("readings", () => {
  it("go back to an earlier stage every other time, once the card is open", async () => {
    const { provider, sandbox, desk } = await world();
    sandbox.script({ kind: "status-backwards" });
    const { providerCardId } = await provider.createVirtualCard(order());
    await eventually(() => desk.events.length === 2);
    const seen: string[] = [];
    for (let reading = 0; reading < 4; reading += 1) {
      seen.push((await provider.readCard({ providerCardId, email: EMAIL })).status);
    }
    expect(seen).toEqual(["ACTIVE", "INIT_CREATE_CARD", "ACTIVE", "INIT_CREATE_CARD"]);
  });

  it("fail three times, each in another way, and then succeed", async () => {
    const { provider, sandbox } = await world({ timeoutMs: 200 });
    sandbox.script({ kind: "failing-reads" });
    const { providerCardId } = await provider.createVirtualCard(order());
    const read = () => provider.readCard({ providerCardId, email: EMAIL });
    for (let reading = 0; reading < 3; reading += 1) expect((await failureOf(read())).kind).toBe("outcome_unknown");
    expect((await read()).providerCardId).toBe(providerCardId);
  });
});

describe("callbacks", () => {
  it("come in the wrong order, as two events", async () => {
    const { provider, sandbox, desk } = await world();
    sandbox.script({ kind: "reordered-callback" });
    await provider.createVirtualCard(order());
    await eventually(() => desk.events.length === 2);
    expect(desk.events.map(({ payload }) => payload.status)).toEqual(["ACTIVE", "INIT_CREATE_CARD_HOLDER"]);
    expect(new Set(desk.events.map(({ dedupeKey }) => dedupeKey)).size).toBe(2);
  });

  it("overtake the answer with the end that the opening has", async () => {
    const { provider, sandbox, desk } = await world();
    sandbox.script({ kind: "fail-and-refund", callbacks: "early" });
    await provider.createVirtualCard(order());
    expect(desk.events[0]).toMatchObject({ eventType: "CREATE_CARD_FAIL" });
    expect(sandbox.cards()[0]).toMatchObject({ status: "CREATE_CARD_FAILED_REFUND", deposit: 0 });
  });

  it("are lost beside any other fault", async () => {
    const { provider, sandbox, desk } = await world();
    sandbox.script({ kind: "reset-after-accept", callbacks: "lost" });
    await failureOf(provider.createVirtualCard(order()));
    const card = await eventually(() => sandbox.cards().find(({ status }) => status === "ACTIVE"));
    await sandbox.resendCallback(card.cardId);
    expect(desk.events).toHaveLength(1);
  });
});

describe("whoever starts a sandbox", () => {
  it("may choose what happens to each order, and is told of each card before it is answered", async () => {
    const told: string[] = [];
    const { provider } = await world({
      scenarioOf: ({ orderNo }) => (orderNo === "order-1" ? { kind: "garbled" } : undefined),
      onAccepted: ({ orderNo }) => void told.push(orderNo),
    });
    expect((await failureOf(provider.createVirtualCard(order()))).kind).toBe("malformed");
    expect(told).toEqual(["order-1"]);
  });

  it("may have it refuse connections for a time", async () => {
    const { provider, sandbox } = await world();
    const over = sandbox.outage(100);
    expect((await failureOf(provider.createVirtualCard(order()))).kind).toBe("unavailable");
    await over;
    expect((await provider.createVirtualCard(order())).status).toBe("INIT");
  });

  it("may have it bear clocks that are hours apart", async () => {
    const twoHoursOff = { now: () => new Date(Date.now() + 7_200_000) };
    for (const timestampWindowMs of [undefined, 10_800_000]) {
      const { sandbox, publicUrl } = await world({ timestampWindowMs });
      const skewed = adapter(account(sandbox.account), parts({ clock: twoHoursOff, publicUrl: () => publicUrl }));
      const created = skewed.createVirtualCard(order());
      if (timestampWindowMs === undefined) expect((await failureOf(created)).kind).toBe("credentials");
      else expect((await created).status).toBe("INIT");
    }
  });
});
