import { describe, expect, it } from "vitest";
import { notificationRoute } from "../../../src/datasources/pagsmile/callback.js";
import type { JournalEntry } from "../../../src/domain/journal.js";
import type { InboundAnswer, ReceivedEvent } from "../../../src/domain/registration.js";
import { Secret } from "../../../src/domain/secret.js";

const TOKEN = "unguessable-token-1";
const PAN = "4111111111111111";

const NOTIFICATION = {
  app_id: "",
  partner_id: "17416782040212002",
  timestamp: "2025-04-07 05:56:53",
  version: "1.0",
  random_key: "",
  sign_type: "",
  request_id: "IC1909123456789",
  notify_type: 1,
  biz_data: {
    order_no: "2025040713560000001",
    card_token: "450620141926",
    card_pan: "411111******1111",
    holder_id: 1234,
    holder_name: "Ada Lovelace",
    card_scheme: 3,
    is_share_card: false,
    order_status: 5,
  },
};

const SUCCESS = { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "success" };

interface Delivery {
  readonly answer: InboundAnswer;
  readonly received: readonly ReceivedEvent[];
  readonly journalled: readonly JournalEntry[];
}

async function deliver(
  body: unknown,
  parts: { token?: string; configured?: string | null; known?: boolean } = {},
): Promise<Delivery> {
  const { token = TOKEN, configured = TOKEN, known = true } = parts;
  const received: ReceivedEvent[] = [];
  const journalled: JournalEntry[] = [];
  const journal = { record: (entry: JournalEntry) => void journalled.push(entry) };
  const route = notificationRoute(configured === null ? null : new Secret(configured), journal);
  const desk = {
    isSending: async () => false,
    receive: async (event: ReceivedEvent) => {
      received.push(event);
      return known;
    },
    receiveForAccount: async () => undefined,
  };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { url: `/callbacks/pagsmile/events/${token}`, params: { token }, query: {}, body: text };
  return { answer: await route.handle(request, desk), received, journalled };
}

describe("a notification", () => {
  it("comes by POST to an address with a token", () => {
    expect(notificationRoute(null, { record: () => {} })).toMatchObject({
      method: "POST",
      path: "/callbacks/pagsmile/events/:token",
    });
  });

  it("is handed over with harmless fields only, and acknowledged as the provider wants it", async () => {
    const { answer, received } = await deliver(NOTIFICATION);
    expect(answer).toEqual(SUCCESS);
    expect(received).toEqual([
      {
        provider: "PAGSMILE",
        token: TOKEN,
        dedupeKey: "IC1909123456789",
        eventType: "apply_card_result",
        orderNo: "2025040713560000001",
        providerCardId: "450620141926",
        payload: {
          notify_type: "1",
          request_id: "IC1909123456789",
          timestamp: "2025-04-07 05:56:53",
          order_no: "2025040713560000001",
          card_token: "450620141926",
          holder_id: 1234,
          card_scheme: 3,
          is_share_card: false,
          order_status: 5,
        },
      },
    ]);
  });

  it("is acknowledged although the desk knows nothing of its token: nothing of ours hangs on it", async () => {
    expect((await deliver(NOTIFICATION, { known: false })).answer).toEqual(SUCCESS);
  });

  it.each([
    [1, "apply_card_result"],
    ["2", "card_status"],
    [3, "holder_audit"],
    ["4", "authorization"],
    [5, "notify_type_5"],
    [99, "notify_type_99"],
  ])("of type %s is called %s", async (notify_type, eventType) => {
    expect((await deliver({ ...NOTIFICATION, notify_type })).received).toMatchObject([{ eventType }]);
  });

  it.each([
    6,
    "6",
  ])("with a one-time code (type %j) is accepted and dropped: nobody is handed anything", async (notify_type) => {
    const biz_data = { validation_value: "123456", card_token: "450620141926", amount: "1.00" };
    const { answer, received, journalled } = await deliver({ ...NOTIFICATION, notify_type, biz_data });
    expect(answer).toEqual(SUCCESS);
    expect(received).toEqual([]);
    expect(journalled).toEqual([]);
  });

  it("never brings a card number, a code or a name along, whatever field they are in", async () => {
    const biz_data = {
      ...NOTIFICATION.biz_data,
      card_pan: PAN,
      validation_value: "123456",
      order_no: PAN,
      card_token: "4111-1111-1111-1111",
      transaction_id: Number(PAN),
      status: { nested: PAN },
      auth_id: "Ada Lovelace",
      merchant_info: "a shop",
    };
    const { received } = await deliver({ ...NOTIFICATION, timestamp: PAN, biz_data });
    expect(received).toHaveLength(1);
    expect(JSON.stringify(received).replaceAll("-", "")).not.toMatch(/411111|123456"|Ada|shop/);
    expect(received[0]).toMatchObject({ orderNo: null, providerCardId: null });
  });

  it("keeps every digit of a long id", async () => {
    const body = JSON.stringify(NOTIFICATION).replace('"holder_id":1234', '"holder_id":9007199254740993');
    expect((await deliver(body)).received[0]?.payload.holder_id).toBe("9007199254740993");
  });

  it("that is encrypted, which is announced as reserved, is taken as a hint without fields", async () => {
    const { answer, received } = await deliver({ ...NOTIFICATION, sign_type: "RSA", biz_data: "SEALED" });
    expect(answer).toEqual(SUCCESS);
    expect(received[0]?.payload).toEqual({
      notify_type: "1",
      request_id: "IC1909123456789",
      timestamp: "2025-04-07 05:56:53",
    });
  });
});

describe("a notification is refused", () => {
  it.each([
    ["a wrong token", { token: "unguessable-token-2" }],
    ["a token cut short", { token: TOKEN.slice(0, -1) }],
    ["no token", { token: "" }],
    ["any token, when none is configured", { configured: null }],
    ["an empty token, when none is configured", { token: "", configured: null }],
  ])("with 404 for %s, before its body is looked at", async (_what, parts) => {
    const { answer, received, journalled } = await deliver("{not json", parts);
    expect(answer).toMatchObject({ status: 404, body: "not found" });
    expect(received).toEqual([]);
    expect(journalled).toEqual([{ event: "callback_received", provider: "PAGSMILE", outcome: "unknown_token" }]);
  });

  it.each([
    "",
    "{not json",
    "[]",
    "null",
    "{}",
    { ...NOTIFICATION, request_id: undefined },
    { ...NOTIFICATION, request_id: "" },
    { ...NOTIFICATION, request_id: "x".repeat(65) },
    { ...NOTIFICATION, request_id: "a'; --" },
    { ...NOTIFICATION, request_id: { a: 1 } },
    { ...NOTIFICATION, notify_type: undefined },
    { ...NOTIFICATION, notify_type: "six" },
    { ...NOTIFICATION, notify_type: 1.5 },
    { ...NOTIFICATION, biz_data: undefined },
    { ...NOTIFICATION, biz_data: null },
    { ...NOTIFICATION, biz_data: [1] },
  ])("with 400 for a body that is none (%#)", async (body) => {
    const { answer, received, journalled } = await deliver(body);
    expect(answer).toMatchObject({ status: 400, body: "malformed" });
    expect(received).toEqual([]);
    expect(journalled).toEqual([{ event: "callback_received", provider: "PAGSMILE", outcome: "malformed" }]);
  });

  it("by nobody but the desk: its own failure is not hidden, so that the provider sends again", async () => {
    const route = notificationRoute(new Secret(TOKEN), { record: () => {} });
    const request = { url: "", params: { token: TOKEN }, query: {}, body: JSON.stringify(NOTIFICATION) };
    const down = () => Promise.reject(new Error("database is down"));
    const desk = { isSending: async () => false, receive: down, receiveForAccount: down };
    await expect(route.handle(request, desk)).rejects.toThrow("database is down");
  });
});

describe("hostile text", () => {
  it.each([
    "a b",
    "t\u0000",
    "",
    "x".repeat(65),
  ])("as a token is no address, whatever is configured: %j", async (token) => {
    const { answer, received } = await deliver(NOTIFICATION, { token, configured: token });
    expect(answer.status).toBe(404);
    expect(received).toEqual([]);
  });

  it("loses what a database refuses, and card numbers go no further", async () => {
    const biz_data = { ...NOTIFICATION.biz_data, order_no: `x${PAN}`, status: "5\u0000" };
    const { answer, received } = await deliver({ ...NOTIFICATION, request_id: PAN, biz_data });
    expect(answer).toEqual(SUCCESS);
    expect(received[0]?.payload).toMatchObject({ status: "5" });
    expect(JSON.stringify(received)).not.toContain(PAN);
  });
});
