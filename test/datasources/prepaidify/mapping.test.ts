import { describe, expect, it } from "vitest";
import { toCardSnapshot, toDate, toWireCreateCard } from "../../../src/datasources/prepaidify/mapping.js";
import { parseCardModel } from "../../../src/datasources/prepaidify/wire.js";
import type { CardSnapshot } from "../../../src/domain/card.js";
import { order } from "./support.js";

/** Source: Prepaidify, API For Creating Virtual Card (response example). */
const OPENING = {
  cardHolder: {
    firstName: "Milton",
    lastName: "Schmitt",
    street: "1010 Pine St LOT 12-E",
    city: "Vienna",
    state: "GA",
    country: "US",
    zipCode: "31092",
  },
  card: {
    userId: "u_xxxxxxxx",
    customerId: "user_id_123",
    cardHolderId: "ch_xxxxxxxxx",
    holderName: "Milton Schmitt",
    cardId: "c_xxxxxxxxx",
    cardSeqNo: "CXXXXXXXX",
    deposit: 1000,
    consume: 0,
    balance: 1000,
    cvc: "-",
    number: "-",
    cardBin: "-",
    last4: "-",
    status: "INIT",
    expYear: 0,
    expMonth: 0,
    gmtCreate: null,
  },
  tags: ["test"],
};

function snapshot(card: object = {}, rest: object = {}): CardSnapshot {
  const model = parseCardModel({ ...OPENING, ...rest, card: { ...OPENING.card, ...card } });
  if (model === null) throw new Error("not a card");
  return toCardSnapshot(model);
}

function isRefused(card: object): boolean {
  return parseCardModel({ ...OPENING, card: { ...OPENING.card, ...card } }) === null;
}

describe("a card on the wire", () => {
  it("of the provider's page becomes a card of ours, placeholders null", () => {
    expect(snapshot()).toEqual({
      providerCardId: "c_xxxxxxxxx",
      providerUserId: "u_xxxxxxxx",
      cardSeqNo: "CXXXXXXXX",
      customerId: "user_id_123",
      status: "INIT",
      providerStatus: "INIT",
      statusText: null,
      cardHolder: {
        providerCardHolderId: "ch_xxxxxxxxx",
        firstName: "Milton",
        lastName: "Schmitt",
        holderName: "Milton Schmitt",
        street: "1010 Pine St LOT 12-E",
        city: "Vienna",
        state: "GA",
        country: "US",
        zipCode: "31092",
      },
      bin: null,
      last4: null,
      expMonth: null,
      expYear: null,
      depositMinor: 1000,
      consumeMinor: 0,
      balanceMinor: 1000,
      currency: "USD",
      tags: ["test"],
      openedAt: null,
    });
  });

  it("loses its number and CVC where it is parsed", () => {
    const secret = { number: "4000009990000096", cvc: "737" };
    const model = parseCardModel({ ...OPENING, card: { ...OPENING.card, ...secret } });
    expect(JSON.stringify(model)).not.toMatch(/4000009990000096|737|number|cvc/);
  });

  it("takes over BIN, last four digits, expiry and opening time of an open card", () => {
    const open = { status: "ACTIVE", cardBin: "400000", last4: "0096", expYear: 2029, expMonth: "5" };
    expect(snapshot({ ...open, gmtCreate: 1597847779 })).toMatchObject({
      bin: "400000",
      last4: "0096",
      expYear: 2029,
      expMonth: 5,
      openedAt: new Date("2020-08-19T14:36:19Z"),
    });
  });

  it.each([
    [{ cardBin: "4000009990000096", last4: "00096" }],
    [{ cardBin: "vab_069af8a792ad", last4: "4000009990000096" }],
    [{ cardBin: "40000", last4: "x096" }],
  ])("has no BIN and no last digits out of %j", (card) => {
    expect(snapshot(card)).toMatchObject({ bin: null, last4: null });
  });

  it.each([
    [13, 2029, null, 2029],
    [-1, 29, null, null],
    [12, 20291, 12, null],
    ["-", "-", null, null],
  ])("with month %j and year %j expires in %j of %j", (expMonth, expYear, month, year) => {
    expect(snapshot({ expMonth, expYear })).toMatchObject({ expMonth: month, expYear: year });
  });

  it("keeps amounts that come as digits, and a balance below zero", () => {
    expect(snapshot({ deposit: "1000", consume: "1100", balance: "-100" })).toMatchObject({
      depositMinor: 1000,
      consumeMinor: 1100,
      balanceMinor: -100,
    });
  });

  it.each([
    ["a fraction", { deposit: 10.5 }],
    ["a decimal text", { deposit: "10.00" }],
    ["an amount beyond exact integers", { balance: 9_007_199_254_740_993n.toString() }],
    ["no deposit", { deposit: undefined }],
    ["no deposit once it is open", { deposit: null, status: "ACTIVE" }],
    ["no deposit in an unlisted status", { deposit: null, status: "SUSPENDED" }],
    ["a consumption that is no number", { consume: "none" }],
    ["a placeholder as amount", { deposit: "-" }],
    ["an empty card id", { cardId: "" }],
    ["a placeholder as card id", { cardId: "-" }],
    ["a card id that is a fraction", { cardId: 5.5 }],
    ["a card id that is an object", { cardId: {} }],
    ["a card id with a line break", { cardId: "c_1\n" }],
    ["no status", { status: undefined }],
    ["an empty status", { status: "" }],
  ])("is refused with %s", (_what, card) => {
    expect(isRefused(card)).toBe(true);
  });

  it("may leave out what was spent and what is left, and the deposit while it is opening", () => {
    for (const absent of [null, undefined]) {
      const card = snapshot({ status: "ACTIVE", consume: absent, balance: absent });
      expect(card).toMatchObject({ depositMinor: 1000, consumeMinor: 0, balanceMinor: 0 });
    }
    expect(snapshot({ deposit: null, status: "INIT_CREATE_CARD" })).toMatchObject({ depositMinor: 0 });
  });

  it("may have numbers for ids", () => {
    expect(snapshot({ cardId: 17, userId: 18, cardHolderId: 19, cardSeqNo: 20 })).toMatchObject({
      providerCardId: "17",
      providerUserId: "18",
      cardSeqNo: "20",
      cardHolder: { providerCardHolderId: "19" },
    });
  });

  it("survives optional fields of any shape", () => {
    const odd = {
      userId: {},
      customerId: 42,
      statusText: [],
      expYear: {},
      gmtCreate: {},
      last4: 96,
      holderName: false,
    };
    expect(snapshot(odd, { cardHolder: "nobody", tags: "none" })).toMatchObject({
      providerUserId: null,
      customerId: "42",
      statusText: null,
      last4: null,
      openedAt: null,
      tags: [],
      cardHolder: { firstName: null, street: null, holderName: null },
    });
    expect(snapshot({}, { cardHolder: null, tags: ["a", 5, null, "-", "", "b"] }).tags).toEqual(["a", "b"]);
  });

  it("has its address nested in a later form of the sibling, the flat one winning", () => {
    const address = { street: "Elm St", city: "Nested", state: "TX", country: "US", zipCode: "75001" };
    const { cardHolder } = snapshot({}, { cardHolder: { firstName: "Ada", lastName: "Byron", city: "Flat", address } });
    expect(cardHolder).toMatchObject({ firstName: "Ada", street: "Elm St", city: "Flat", zipCode: "75001" });
  });

  it("has bounded free text without long runs of digits", () => {
    const card = snapshot(
      { statusText: "card 4000 0099 9000 0096 ok", holderName: "a".repeat(500), status: "X".repeat(200) },
      { tags: ["4000009990000096", "n 4000-0099-9000-0096", ...Array.from({ length: 50 }, (_, index) => `t${index}`)] },
    );
    expect(card.statusText).toBe("card [redacted] ok");
    expect(card.cardHolder.holderName).toHaveLength(256);
    expect(card.providerStatus).toHaveLength(64);
    expect(card.tags.slice(0, 2)).toEqual(["n [redacted]", "t0"]);
    expect(card.tags).toHaveLength(32);
  });
});

describe("a status", () => {
  it.each([
    "INIT",
    "INIT_CREATE_CARD",
    "INIT_CREATE_CARD_HOLDER",
    "INIT_ACTIVE_CARD",
    "CREATE_CARD_FAILED_REFUND",
    "ACTIVE",
    "FREEZE",
    "CANCELLING",
    "CANCELED",
    "DELETED",
    "EXPIRED",
  ])("%s is known", (status) => {
    expect(snapshot({ status })).toMatchObject({ status, providerStatus: status });
  });

  it("WAIT_CANCEL of the sibling counts as CANCELLING", () => {
    expect(snapshot({ status: "WAIT_CANCEL" })).toMatchObject({ status: "CANCELLING", providerStatus: "WAIT_CANCEL" });
  });

  it.each(["SUSPENDED", "active", " ACTIVE", "INIT CREATE CARD", "UNRECOGNIZED"])("%j is not", (status) => {
    expect(snapshot({ status })).toMatchObject({ status: "UNRECOGNIZED", providerStatus: status });
  });

  it("never carries a card number into what is kept", () => {
    expect(snapshot({ status: "BAD 4000009990000096" }).providerStatus).toBe("BAD [redacted]");
    // Too many digits for a card number, so perhaps one with its CVC.
    expect(snapshot({ status: "BAD 4000009990000096737000" }).providerStatus).toBe("BAD ");
  });
});

describe("a time", () => {
  it.each([
    [1597847779, "2020-08-19T14:36:19.000Z"],
    ["1597847779", "2020-08-19T14:36:19.000Z"],
    [1646648710123, "2022-03-07T10:25:10.123Z"],
    ["1749539386123456", "2025-06-10T07:09:46.123Z"],
    ["2024-02-29 23:59:59", "2024-02-29T23:59:59.000Z"],
    ["2025-06-10T07:09:46Z", "2025-06-10T07:09:46.000Z"],
    ["2025-06-10T07:09:46", "2025-06-10T07:09:46.000Z"],
    ["2025-06-10T07:09:46.123456Z", "2025-06-10T07:09:46.123Z"],
    ["2025-06-10T01:09:46.5+08:00", "2025-06-09T17:09:46.500Z"],
  ])("%j is %s", (value, iso) => {
    expect(toDate(value)?.toISOString()).toBe(iso);
  });

  it.each([
    null,
    undefined,
    0,
    "",
    "-",
    123,
    15978477791,
    1597847779.5,
    "2023-02-29 10:00:00",
    "2024-13-01 10:00:00",
    "2024-02-29 24:00:00",
    "2023-02-29T10:00:00Z",
    "2024-02-29T10:00:00+99:00",
    "2024-02-29T10:00Z",
    "0000-01-01T00:00:00Z",
    "29.02.2024",
  ])("%j is none", (value) => {
    expect(toDate(value)).toBeNull();
  });
});

describe("an order", () => {
  it("goes out in the provider's words, the deposit as digits", () => {
    expect(toWireCreateCard(order(), "https://merchant.example/cb")).toEqual({
      vid: "vab_069af8a792ad",
      cardHolder: { firstName: "Ada", lastName: "Lovelace" },
      deposit: "5000",
      orderNo: "order-1",
      callbackUrl: "https://merchant.example/cb",
      customerId: "customer-1",
    });
  });
});
