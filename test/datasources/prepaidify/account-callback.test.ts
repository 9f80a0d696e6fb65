import { describe, expect, it } from "vitest";
import { callbackRoutes } from "../../../src/datasources/prepaidify/callback.js";
import type { AccountEvent } from "../../../src/domain/account-inbox.js";
import type { InboundAnswer } from "../../../src/domain/registration.js";
import { Secret } from "../../../src/domain/secret.js";
import { account, MemoryDesk, MemoryJournal, parts } from "./support.js";

const NUMBER = "4000009990000096";
const TOKEN = "account-token-0123456789";

/** Source: Prepaidify, Risk Control webhook. */
const FROZEN = {
  eventType: "RISK_CONTROL",
  eventId: "ev_1",
  webhookSubscribeId: "wsb_1",
  data: {
    userId: "u_1",
    cardIds: ["c_1"],
    numbers: [NUMBER],
    type: "FREEZE_CARD",
    riskControlReasonType: "HIGH_REFUSE_RATE",
    reason: `card ${NUMBER} was refused too often`,
    gmtCreate: 1597847779,
  },
};
const frozen = (data: object) => ({ ...FROZEN, data: { ...FROZEN.data, ...data } });

interface Posted {
  readonly answer: InboundAnswer;
  readonly event: AccountEvent | undefined;
  readonly journal: MemoryJournal;
  readonly desk: MemoryDesk;
}

async function post(body: unknown, token = TOKEN, callbackToken: string | null = TOKEN): Promise<Posted> {
  const desk = new MemoryDesk();
  const journal = new MemoryJournal();
  const ofAccount = account({ callbackToken: callbackToken === null ? null : new Secret(callbackToken) });
  const route = callbackRoutes(ofAccount, parts({ journal })).find(({ method }) => method === "POST");
  if (!route) throw new Error("no route");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { url: `/callbacks/prepaidify/events/${token}`, params: { token }, query: {}, body: text };
  return { answer: await route.handle(request, desk), event: desk.accountEvents[0], journal, desk };
}
async function targetsOf(body: unknown) {
  const { event } = await post(body);
  if (!event) throw new Error("not received");
  return event.targets;
}
const nothing = { orderNo: null, providerCardId: null, providerUserId: null };

describe("an event to the account's address", () => {
  it("is received with what identifies it and nothing else, and answered with 200", async () => {
    const { answer, event, journal } = await post(FROZEN);
    expect(answer).toMatchObject({ status: 200, body: "success" });
    expect(event).toEqual({
      provider: "PREPAIDIFY",
      eventType: "RISK_CONTROL",
      targets: [{ ...nothing, dedupeKey: "ev_1", providerCardId: "c_1" }],
      payload: {
        eventType: "RISK_CONTROL",
        eventId: "ev_1",
        webhookSubscribeId: "wsb_1",
        userId: "u_1",
        type: "FREEZE_CARD",
        riskControlReasonType: "HIGH_REFUSE_RATE",
        gmtCreate: "2020-08-19T14:36:19.000Z",
      },
    });
    expect(journal.entries).toEqual([]);
  });

  it("never carries a card number on, wherever it was put", async () => {
    const { event } = await post(frozen({ cardIds: [NUMBER, `c_${NUMBER}`, "c_2"], userId: NUMBER, type: NUMBER }));
    expect(JSON.stringify(event)).not.toContain(NUMBER);
    expect(event?.targets).toEqual([{ ...nothing, dedupeKey: "ev_1", providerCardId: "c_2" }]);
  });

  it("is nobody's under another token, and under any where none is configured", async () => {
    for (const [token, configured] of [
      [`${TOKEN}x`, TOKEN],
      [TOKEN.slice(0, -1), TOKEN],
      [TOKEN, null],
    ] as const) {
      const { answer, desk } = await post(FROZEN, token, configured);
      expect(answer.status).toBe(404);
      expect(desk.accountEvents).toEqual([]);
    }
  });

  it.each(["", "{", "[]", "null", '{"eventType":"X"}'])("that is malformed is refused: %j", async (body) => {
    const { answer, event, journal } = await post(body);
    expect(answer).toMatchObject({ status: 400, body: "bad request" });
    expect(event).toBeUndefined();
    expect(journal.entries).toEqual([{ event: "callback_received", provider: "PREPAIDIFY", outcome: "malformed" }]);
  });

  it("is not acknowledged when it could not be stored", async () => {
    const desk = new MemoryDesk();
    desk.receiveForAccount = () => Promise.reject(new Error("database is down"));
    const route = callbackRoutes(account({ callbackToken: new Secret(TOKEN) }), parts()).find(
      ({ method }) => method === "POST",
    );
    const request = { url: "", params: { token: TOKEN }, query: {}, body: JSON.stringify(FROZEN) };
    await expect(route?.handle(request, desk)).rejects.toThrow("database is down");
  });
});

describe("what an event concerns", () => {
  it("is each card that it names, once, under a key of its own", async () => {
    const targets = await targetsOf(frozen({ cardId: "c_1", cardIds: ["c_1", "c_2", null, { a: 1 }, 3] }));
    expect(targets.map(({ providerCardId }) => providerCardId)).toEqual(["c_1", "c_2", "3"]);
    expect(new Set(targets.map(({ dedupeKey }) => dedupeKey)).size).toBe(3);
    expect(await targetsOf(frozen({ cardId: "c_1", cardIds: ["c_1", "c_2", null, 3] }))).toEqual(targets);
  });

  it("is an order and its card, where it names both", async () => {
    const data = { cardId: "c_1", orderNo: "order-1", userId: "u_1" };
    expect(await targetsOf({ ...FROZEN, eventType: "CREATE_CARD", data })).toEqual([
      { ...nothing, dedupeKey: "ev_1", orderNo: "order-1", providerCardId: "c_1" },
    ]);
    expect(await targetsOf({ ...FROZEN, data: { orderNo: "order-1" } })).toMatchObject([
      { ...nothing, orderNo: "order-1" },
    ]);
  });

  it("is every card of the user when the whole account is frozen, and each that it names besides", async () => {
    expect(await targetsOf(frozen({ type: "FREEZE_ACCOUNT", cardIds: [] }))).toEqual([
      { ...nothing, dedupeKey: "ev_1", providerUserId: "u_1" },
    ]);
    expect(await targetsOf(frozen({ type: "FREEZE_ACCOUNT" }))).toMatchObject([
      { providerUserId: "u_1", providerCardId: null },
      { providerUserId: null, providerCardId: "c_1" },
    ]);
  });

  it("is every card of the user when it names nothing but the user", async () => {
    expect(await targetsOf({ ...FROZEN, data: { userId: "u_1" } })).toMatchObject([{ providerUserId: "u_1" }]);
  });

  it("is a hundred things at most: who names more means the user", async () => {
    const many = Array.from({ length: 500 }, (_, index) => `c_${index}`);
    const targets = await targetsOf(frozen({ cardIds: many }));
    expect(targets).toHaveLength(100);
    expect(targets[0]).toMatchObject({ providerUserId: "u_1", providerCardId: null });
  });

  it("may be nothing that we know, and is kept all the same", async () => {
    expect(await targetsOf({ ...FROZEN, data: {} })).toEqual([{ ...nothing, dedupeKey: "ev_1" }]);
  });

  it("tells events without an id apart by all that they say", async () => {
    const keyOf = async (data: object) => (await targetsOf({ ...frozen(data), eventId: null }))[0]?.dedupeKey;
    const key = await keyOf({});
    expect(await keyOf({})).toBe(key);
    for (const other of [{ cardIds: ["c_2"] }, { userId: "u_2" }, { type: "UNFREEZE" }, { gmtCreate: 1597847780 }]) {
      expect(await keyOf(other)).not.toBe(key);
    }
  });
});
