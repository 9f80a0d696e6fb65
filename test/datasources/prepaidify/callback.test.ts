import { describe, expect, it } from "vitest";
import { callbackRoutes } from "../../../src/datasources/prepaidify/callback.js";
import type { CallbackDesk, InboundAnswer, ReceivedEvent } from "../../../src/domain/registration.js";
import { account, MemoryDesk, MemoryJournal, parts } from "./support.js";

const NUMBER = "4000009990000096";

/** Sibling: Alchemy Pay's copy of Prepaidify's page "Successful card opening callback". */
const OPENED = {
  eventType: "CREATE_CARD",
  eventId: "ev_1",
  webhookSubscribeId: "wsb_1",
  data: {
    userId: "u_1",
    cardHolderId: "ch_1",
    holderName: "Ada Planted",
    cardId: "c_1",
    cardSeqNo: "C1",
    customerId: null,
    deposit: 100000,
    consume: 0,
    balance: 100000,
    cvc: "737",
    number: "400 0009990000096",
    cardBin: "vab_069af8a792ad",
    last4: "0096",
    status: "ACTIVE",
    statusText: "Activated",
    expYear: 2021,
    expMonth: 5,
    gmtCreate: 1597847779,
    orderNo: "999",
  },
};

interface Posted {
  readonly answer: InboundAnswer;
  readonly event: ReceivedEvent | undefined;
  readonly journal: MemoryJournal;
}

async function post(body: unknown, token = "token-1", asked?: CallbackDesk): Promise<Posted> {
  const desk = new MemoryDesk();
  desk.tokens.add("token-1");
  const journal = new MemoryJournal();
  const route = callbackRoutes(account(), parts({ journal })).find(({ method }) => method === "POST");
  if (!route) throw new Error("no route");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { url: `/callbacks/prepaidify/events/${token}`, params: { token }, query: {}, body: text };
  const answer = await route.handle(request, asked ?? desk);
  return { answer, event: desk.events[0], journal };
}

async function eventOf(body: unknown): Promise<ReceivedEvent> {
  const { event } = await post(body);
  if (!event) throw new Error("not received");
  return event;
}

describe("a callback", () => {
  it("is stored with what identifies it and nothing else, and answered with 200", async () => {
    const { answer, event } = await post(OPENED);
    expect(answer).toMatchObject({ status: 200, body: "success" });
    expect(event).toEqual({
      provider: "PREPAIDIFY",
      token: "token-1",
      dedupeKey: "ev_1",
      eventType: "CREATE_CARD",
      orderNo: "999",
      providerCardId: "c_1",
      payload: {
        eventType: "CREATE_CARD",
        eventId: "ev_1",
        webhookSubscribeId: "wsb_1",
        cardId: "c_1",
        orderNo: "999",
        userId: "u_1",
        status: "ACTIVE",
        gmtCreate: "2020-08-19T14:36:19.000Z",
      },
    });
  });

  it("of a failed opening says whose it is, and no more", async () => {
    const data = { cardId: "c_1", userId: "u_1", orderNo: "999" };
    expect(
      await eventOf({ eventType: "CREATE_CARD_FAIL", eventId: "ev_2", webhookSubscribeId: "wsb_1", data }),
    ).toMatchObject({
      eventType: "CREATE_CARD_FAIL",
      orderNo: "999",
      providerCardId: "c_1",
    });
  });

  it("of risk control is stored without its list of numbers", async () => {
    const data = { userId: "u_1", cardIds: ["c_1"], numbers: [NUMBER], type: "FREEZE_CARD", reason: `card ${NUMBER}` };
    const event = await eventOf({ eventType: "RISK_CONTROL", eventId: "ev_3", data });
    expect(event).toMatchObject({ orderNo: null, providerCardId: null, payload: { type: "FREEZE_CARD" } });
    expect(JSON.stringify(event)).not.toContain(NUMBER);
  });

  it("of a kind that we do not know is stored too", async () => {
    expect((await eventOf({ ...OPENED, eventType: "SOMETHING_NEW" })).eventType).toBe("SOMETHING_NEW");
  });

  it("without an id is told apart by all that it says of its card", async () => {
    const said = { cardId: "c_1", orderNo: "999", userId: "u_1", status: "INIT", type: "A", gmtCreate: 1597847779 };
    const keyOf = async (data: object) =>
      (await eventOf({ ...OPENED, eventId: null, data: { ...said, ...data } })).dedupeKey;
    const key = await keyOf({});
    expect(await keyOf({})).toBe(key);
    for (const other of [{ status: "ACTIVE" }, { type: "B" }, { gmtCreate: 1597847780 }, { cardId: "c_2" }]) {
      expect(await keyOf(other)).not.toBe(key);
    }
  });

  it("to an address of nobody is not acknowledged", async () => {
    const { answer, event } = await post(OPENED, "token-2");
    expect(answer).toMatchObject({ status: 404, body: "not found" });
    expect(event).toBeUndefined();
  });

  it.each([
    ["", ""],
    ["%00", "a NUL"],
    ["\u0000", "a decoded NUL"],
    ["token-1\u0000", "a NUL behind a token"],
    ["token%2d1", "an escape"],
    ["token 1", "a blank"],
    ["t".repeat(65), "too much"],
    ["töken", "another letter"],
  ])("to the address %j, which is none, is not found before the desk hears of it (%s)", async (token) => {
    let asked = 0;
    const desk = {
      isSending: async () => false,
      receive: async () => Boolean(++asked),
      receiveForAccount: async () => void ++asked,
    };
    for (const body of [OPENED, "{"]) {
      const { answer, journal } = await post(body, token, desk);
      expect(answer).toMatchObject({ status: 404, body: "not found" });
      expect(journal.entries).toEqual([
        { event: "callback_received", provider: "PREPAIDIFY", outcome: "unknown_token" },
      ]);
    }
    expect(asked).toBe(0);
  });

  it("may have its data as JSON inside a string", async () => {
    expect(await eventOf({ ...OPENED, data: JSON.stringify(OPENED.data) })).toEqual(await eventOf(OPENED));
    const event = await eventOf({ ...OPENED, data: '{"cardId":17495393861234567,"orderNo":"999"}' });
    expect(event).toMatchObject({ providerCardId: "17495393861234567", orderNo: "999" });
  });

  it("may have a number for a card id", async () => {
    const event = await eventOf({ ...OPENED, data: { ...OPENED.data, cardId: 17 } });
    expect(event).toMatchObject({ providerCardId: "17", payload: { cardId: "17" } });
  });

  it.each([
    ["NUL", "\u0000"],
    ["another control character", "\u0085"],
  ])("loses %s in any field, so that it can be stored", async (_what, control) => {
    const spoil = (value: unknown): unknown =>
      typeof value === "string" ? value.replace(/^./, `$&${control}`) : value;
    const data = Object.fromEntries(Object.entries(OPENED.data).map(([name, value]) => [name, spoil(value)]));
    const event = await eventOf({
      ...OPENED,
      eventType: `CREATE${control}_CARD`,
      webhookSubscribeId: `${control}wsb_1`,
      data,
    });
    expect(event).toEqual(await eventOf(OPENED));
  });

  it("has a status that is well-formed, bounded and no card number", async () => {
    const statusOf = async (status: string) => (await eventOf({ ...OPENED, data: { status } })).payload.status;
    expect(await statusOf("\ud800OK\udc00")).toBe("\ufffdOK\ufffd");
    expect(await statusOf(`${"S".repeat(63)}🂡`)).toBe("S".repeat(63));
    expect(await statusOf(`bad${NUMBER}`)).toBe("bad[redacted]");
    for (const nothing of [NUMBER, "4000.0099.9000.0096", "\u0000"]) expect(await statusOf(nothing)).toBeUndefined();
  });

  it.each([
    ["nothing", ""],
    ["not JSON", "{"],
    ["markup", "<html>"],
    ["null", "null"],
    ["a list", "[]"],
    ["no event type", { ...OPENED, eventType: undefined }],
    ["an empty event type", { ...OPENED, eventType: "" }],
    ["an event type that is too long", { ...OPENED, eventType: "x".repeat(65) }],
    ["an event type that is a sentence", { ...OPENED, eventType: "card was opened" }],
    ["an event type that is a card number", { ...OPENED, eventType: NUMBER }],
    ["no data", { ...OPENED, data: undefined }],
    ["data as text that is not JSON", { ...OPENED, data: "c_1" }],
    ["data as text in text", { ...OPENED, data: JSON.stringify(JSON.stringify(OPENED.data)) }],
    ["data as a list in text", { ...OPENED, data: "[]" }],
    ["more than 64 KiB", { ...OPENED, padding: "x".repeat(65_536) }],
    ["endless nesting", `{"eventType":"X","data":${"[".repeat(30_000)}`],
  ])("that is %s is refused without detail", async (_what, body) => {
    const { answer, event, journal } = await post(body);
    expect(answer).toMatchObject({ status: 400, body: "bad request" });
    expect(event).toBeUndefined();
    expect(journal.entries).toEqual([{ event: "callback_received", provider: "PREPAIDIFY", outcome: "malformed" }]);
  });

  it("never carries a card number or CVC on, wherever it was put", async () => {
    const spellings = [NUMBER, "4000 0099 9000 0096", "4000-0099-9000-0096", "4000.0099_9000-0096", `c_${NUMBER}`];
    for (const planted of spellings) {
      const data = Object.fromEntries(Object.keys(OPENED.data).map((name) => [name, planted]));
      const event = await eventOf({
        eventType: "CREATE_CARD",
        eventId: planted,
        webhookSubscribeId: planted,
        data: { ...data, type: planted, riskControlReasonType: planted, cvc: "737" },
      });
      const text = JSON.stringify(event).replaceAll(/[\s._:-]/g, "");
      expect(text).not.toContain(NUMBER);
      expect(text).not.toContain('737"');
    }
    expect(JSON.stringify(await eventOf(OPENED))).not.toMatch(/Planted|737|0096|9990000/);
  });

  it("keeps fields of any shape out of harm's way", async () => {
    const data = { cardId: { a: 1 }, orderNo: 999, status: ["x"], userId: "two words", gmtCreate: "soon" };
    const event = await eventOf({ eventType: "CREATE_CARD", eventId: 12, data });
    expect(event).toMatchObject({ dedupeKey: "12", orderNo: "999", providerCardId: null });
    expect(event.payload).toEqual({ eventType: "CREATE_CARD", eventId: "12", orderNo: "999" });
  });
});

describe("the key that tells repeated callbacks", () => {
  it("is the event's id, whatever else differs", async () => {
    const later = { ...OPENED, data: { ...OPENED.data, status: "FREEZE" } };
    expect((await eventOf(later)).dedupeKey).toBe((await eventOf(OPENED)).dedupeKey);
    expect((await eventOf({ ...OPENED, eventId: "ev_2" })).dedupeKey).toBe("ev_2");
  });

  it.each([undefined, null, ""])("is what the event is about when its id is %j", async (eventId) => {
    expect((await eventOf({ ...OPENED, eventId })).dedupeKey).toBe("CREATE_CARD:c_1:999:ACTIVE::1597847779");
    const failed = await eventOf({ ...OPENED, eventId, eventType: "CREATE_CARD_FAIL" });
    expect(failed.dedupeKey).toBe("CREATE_CARD_FAIL:c_1:999:ACTIVE::1597847779");
  });

  it("is bounded, and still tells long ids apart", async () => {
    const key = async (eventId: string): Promise<string> => (await eventOf({ ...OPENED, eventId })).dedupeKey;
    expect(await key("e".repeat(100))).toBe("e".repeat(100));
    expect(await key("e".repeat(101))).toMatch(/^[0-9a-f]{64}$/);
    expect(await key("e".repeat(101))).not.toBe(await key("e".repeat(102)));
    expect(await key("a b")).toMatch(/^[0-9a-f]{64}$/);
  });
});
