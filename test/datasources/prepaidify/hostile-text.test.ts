import { describe, expect, it } from "vitest";
import { fitsOrder, toCardRanges, toCardSnapshot } from "../../../src/datasources/prepaidify/mapping.js";
import { parseCardModel, parseCardRanges } from "../../../src/datasources/prepaidify/wire.js";
import type { CardSnapshot } from "../../../src/domain/card.js";

const NUMBER = "4000009990000096";
const SPELLINGS = [NUMBER, "4000 0099 9000 0096", "4000-0099-9000-0096", "4000.0099_9000\u00a00096", `${NUMBER}\u0000`];

const HOLDER_TEXTS = ["firstName", "lastName", "street", "city", "state", "country", "zipCode"];
const CARD_TEXTS = ["userId", "customerId", "cardHolderId", "holderName", "cardSeqNo", "statusText"];

/** A card whose every optional text is the given one. */
function cardOf(text: string, card: object = {}): unknown {
  const all = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, text]));
  const amounts = { deposit: 1000, consume: 0, balance: 1000 };
  return {
    cardHolder: all(HOLDER_TEXTS),
    card: { ...all(CARD_TEXTS), cardId: "c_1", ...amounts, cardBin: text, last4: text, status: text, ...card },
    tags: [text],
  };
}

function snapshot(model: unknown): CardSnapshot {
  const card = parseCardModel(model);
  if (card === null) throw new Error("not a card");
  return toCardSnapshot(card);
}

/** Whether PostgreSQL takes it, as text and as jsonb. */
function isStorable(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isStorable);
  if (value instanceof Date || typeof value !== "object" || value === null) {
    return typeof value !== "string" || !/[\p{Cc}\p{Cs}]/u.test(value);
  }
  return Object.values(value).every(isStorable);
}

describe("text that a database would refuse", () => {
  it.each([
    "a\u0000b",
    "\u0000ab",
    "ab\u0007\u009f",
    "\ud800ab",
    "ab\udc00",
    "a\nb\tc",
    "\u0000",
  ])("%j is cleaned in every field of a card", (text) => {
    expect(isStorable(snapshot(cardOf(text)))).toBe(true);
    expect(isStorable(snapshot(cardOf("x", { cardHolderId: text })))).toBe(true);
  });

  it("loses what is refused and nothing else", () => {
    const card = snapshot(
      cardOf("A\u0000ctive 🂡\ud800", { status: "ACT\u0000IVE", cardBin: "400\u0000000", last4: "\u00000096" }),
    );
    expect(card).toMatchObject({
      status: "ACTIVE",
      providerStatus: "ACTIVE",
      bin: "400000",
      last4: "0096",
      cardSeqNo: "Active 🂡\ufffd",
      tags: ["Active 🂡\ufffd"],
      cardHolder: { street: "Active 🂡\ufffd" },
    });
    expect(snapshot(cardOf("1010 Pine St\nLOT 12-E")).cardHolder.street).toBe("1010 Pine St LOT 12-E");
    expect(snapshot(cardOf("-\u0000")).cardSeqNo).toBeNull();
    expect(snapshot(cardOf("\u0000"))).toMatchObject({ status: "UNRECOGNIZED", providerStatus: "unreadable" });
  });

  it("is bounded without cutting a character in half", () => {
    const card = snapshot(cardOf(`${"a".repeat(255)}🂡`, { status: `${"S".repeat(63)}🂡` }));
    expect(card.cardSeqNo).toBe("a".repeat(255));
    expect(card.providerStatus).toBe("S".repeat(63));
  });

  it("fails neither an id, an amount, a time nor the comparison with the order", () => {
    const numbers = { deposit: "1000\u0000", consume: "\u00000", balance: "1000\u0000", gmtCreate: "1597847779\u0000" };
    const model = parseCardModel(cardOf("x", { ...numbers, cardId: "c_\u00001", customerId: "customer\u0000-1" }));
    if (model === null) throw new Error("not a card");
    expect(toCardSnapshot(model)).toMatchObject({
      providerCardId: "c_1",
      customerId: "customer-1",
      depositMinor: 1000,
      openedAt: new Date("2020-08-19T14:36:19Z"),
    });
    const order = {
      vid: "v",
      cardHolder: null,
      deposit: "1000",
      orderNo: "o",
      callbackUrl: "u",
      customerId: "customer-1",
    };
    expect(fitsOrder(order, model)).toBe(true);
    expect(fitsOrder({ ...order, customerId: "customer-2" }, model)).toBe(false);
  });

  it("is cleaned in card ranges too", () => {
    const ranges = toCardRanges(
      parseCardRanges([{ vid: "v\u0000_1", desp: "De\u0000bit\ud800", cardBin: "400\u0000000" }]) ?? [],
    );
    expect(ranges).toMatchObject([{ id: "v_1", description: "Debit\ufffd", bin: "400000" }]);
    expect(parseCardRanges([{ vid: "\u0000" }])).toBeNull();
  });
});

describe("a card number in the wrong place", () => {
  it.each(SPELLINGS)("%j is no value of any field", (number) => {
    const card = snapshot(cardOf(number));
    const holder = Object.values(card.cardHolder);
    const rest = [card.providerUserId, card.customerId, card.cardSeqNo, card.statusText, card.bin, card.last4];
    expect([...holder, ...rest].filter((value) => value !== null)).toEqual([]);
    expect(card).toMatchObject({ providerStatus: "[redacted]", tags: [] });
  });

  it.each(SPELLINGS)("%j is taken out of longer text", (number) => {
    const card = snapshot(cardOf(`no${number}x`));
    const redacted = "no[redacted]x";
    expect(Object.values(card.cardHolder)).toEqual(Array(9).fill(redacted));
    expect(card).toMatchObject({
      providerUserId: redacted,
      customerId: redacted,
      cardSeqNo: redacted,
      providerStatus: redacted,
      statusText: redacted,
      tags: [redacted],
    });
  });

  it("makes a card id unbelievable, whatever it is glued to", () => {
    for (const number of [NUMBER, "4000-0099-9000-0096", "4000.0099.9000.0096", `c_${NUMBER}`, Number(NUMBER)]) {
      expect(parseCardModel(cardOf("x", { cardId: number }))).toBeNull();
    }
  });

  it("costs a list of ranges that range only", () => {
    const ranges = parseCardRanges([{ vid: NUMBER }, { vid: "v_1", desp: `for ${NUMBER}` }, { vid: 17 }]);
    expect(toCardRanges(ranges ?? [])).toMatchObject([
      { id: "v_1", description: "for [redacted]" },
      { id: "17", description: null },
    ]);
  });
});
